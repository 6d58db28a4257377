// SPDX-License-Identifier: Apache-2.0
// What is read from the config of an image, and that no value of a variable leaves it.
#include "verifier/evidence/facts/read_image_config.h"

#include <gmock/gmock.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/evidence/facts/build_history.h"
#include "verifier/evidence/facts/secret_look.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ReadConfig read(const json& config) {
  auto found = read_image_config(config.dump());
  if (!found.ok()) throw std::runtime_error(found.error().message);
  return *std::move(found);
}
ImageConfig with(const std::string& name, json value) {
  return read({{"config", {{name, std::move(value)}}}}).config;
}
ImageConfig built_by(const std::string& step) { return read({{"history", {{{"created_by", step}}}}}).config; }
std::string error_of(const std::string& text) {
  const auto found = read_image_config(text);
  return found.ok() ? "" : std::string(name_of(found.error().code)) + ": " + found.error().message;
}

TEST(ReadImageConfig, ReadsUserPlatformAndDate) {
  const auto found = read({{"os", "linux"},
                           {"architecture", "arm64"},
                           {"variant", "v8"},
                           {"created", "2026-11-22T13:07:22Z"},
                           {"config", {{"User", "app:app"}}}});
  EXPECT_EQ(found.config.platform, "linux/arm64/v8");
  EXPECT_EQ(found.config.user, "app:app");
  EXPECT_EQ(found.config.created, "2026-11-22T13:07:22Z");
  const auto empty = read(json::object()).config;
  EXPECT_EQ(empty.user + empty.platform + empty.created, "");
  EXPECT_FALSE(empty.healthcheck);
}

TEST(ReadImageConfig, AHealthCheckIsACommandAndNotNone) {
  for (const json& test : {json{"CMD", "/app"}, json{"CMD-SHELL", "curl -f localhost"}})
    EXPECT_TRUE(with("Healthcheck", {{"Test", test}}).healthcheck) << test;
  for (const json& test :
       {json::array({"NONE"}), json::array(), json::array({"CMD"}), json{"none", "x"}, json(nullptr)})
    EXPECT_FALSE(with("Healthcheck", {{"Test", test}}).healthcheck) << test;
  EXPECT_FALSE(with("Healthcheck", json::object()).healthcheck);
  EXPECT_FALSE(with("Healthcheck", nullptr).healthcheck);
}

TEST(ReadImageConfig, NamesWhereASecretStandsAndNeverItsValue) {
  const auto found =
      read({{"config",
             {{"Env", {"PATH=/bin", "DB_PASSWORD=hunter2", "URL=postgres://u:hunter2@db/x", "EMPTY_SECRET="}},
              {"Labels", {{"example.com/apiKey", "hunter2"}, {"title", "shop"}}}}},
            {"history",
             {{{"created_by", "/bin/sh -c #(nop)  ENV OLD_TOKEN=hunter2"}},
              {{"created_by", "RUN |2 A=1 NPM_TOKEN=hunter2 /bin/sh -c npm ci # buildkit"}},
              {{"created_by", "RUN /bin/sh -c curl https://bot:hunter2@example.com # buildkit"}},
              {{"created_by", "ARG PASSWORD=hunter2"}},
              {{"created_by", "LABEL my-secret=hunter2"}}}}});
  EXPECT_THAT(found.config.secrets,
              ElementsAre("variable DB_PASSWORD", "variable URL", "label example.com/apiKey",
                          "variable OLD_TOKEN", "build argument NPM_TOKEN", "command 3 of the history",
                          "build argument PASSWORD", "label my-secret"));
  EXPECT_THAT(found.labels, ElementsAre(::testing::Pair("title", "shop")));
}

TEST(ReadImageConfig, ShowsNoNameThatMayBeAPartOfAValue) {
  EXPECT_THAT(with("Env", {"my password is hunter2 x=y"}).secrets,
              ElementsAre("variable whose name is not shown"));
  EXPECT_THAT(with("Env", {"hunter2-PASSWORD"}).secrets, IsEmpty()) << "without a value there is only a name";
  EXPECT_THAT(built_by("ENV CMD=\"curl http://u:mypassword@h?x=1\"").secrets,
              ElementsAre("variable whose name is not shown"));
  EXPECT_THAT(with("Env", {std::string(129, 'A') + "_KEY=1"}).secrets,
              ElementsAre("variable whose name is not shown"));
  EXPECT_THAT(with("Env", {"AKIAABCDEFGHIJKLMNOP_KEY=1"}).secrets,
              ElementsAre("variable AKIAABCDEFGHIJKLMNOP_KEY"));
}

TEST(ReadImageConfig, NamesAsManyPlacesAsItsBound) {
  json names = json::array();
  for (std::size_t i = 0; i < limits::kConfigPlaces; ++i) names.push_back("KEY_" + std::to_string(i) + "=x");
  EXPECT_EQ(with("Env", names).secrets.size(), limits::kConfigPlaces);
  names.push_back("ONE_MORE_KEY=x");
  EXPECT_EQ(with("Env", names).secrets.size(), limits::kConfigPlaces);
}

TEST(ReadImageConfig, AUserIsAsLongAsALabel) {
  EXPECT_EQ(with("User", std::string(limits::kLabelText, 'u')).user.size(), limits::kLabelText);
  EXPECT_THAT(error_of(json{{"config", {{"User", std::string(limits::kLabelText + 1, 'u')}}}}.dump()),
              HasSubstr("LimitExceeded: "));
}

TEST(ReadImageConfig, RefusesOtherTypes) {
  for (const std::string text :
       {R"([])", R"({"config":[]})", R"({"config":{"User":1}})", R"({"config":{"Env":{}}})",
        R"({"config":{"Env":[1]}})", R"({"config":{"Labels":[]}})", R"({"config":{"Healthcheck":[]}})",
        R"({"config":{"Healthcheck":{"Test":"NONE"}}})", R"({"config":{"Healthcheck":{"Test":[1]}}})",
        R"({"history":{}})", R"({"history":[1]})", R"({"history":[{"created_by":1}]})", R"({"created":1})",
        R"({"os":1})", R"({"config":{"User":"a","User":"b"}})"})
    EXPECT_THAT(error_of(text), HasSubstr("Malformed: ")) << text;
}

// encoding/json of Go takes the last of these for "User": a runtime would run as root what is seen as 1000
// here.
TEST(ReadImageConfig, RefusesNamesThatARuntimeWouldTakeForKnownOnes) {
  for (const std::string text :
       {R"({"config":{"User":"1000","user":"root"}})", R"({"config":{"USER":"root"}})",
        R"({"Config":{"User":"root"}})", "{\"config\":{\"U\u017fer\":\"root\"}}",
        "{\"config\":{\"Healthchec\u212a\":{}}}", R"({"config":{"healthcheck":{"Test":["NONE"]}}})",
        R"({"config":{"Healthcheck":{"test":["NONE"]}}})", R"({"config":{"ENV":[]}})",
        R"({"config":{"labels":{}}})", R"({"History":[]})", R"({"history":[{"Created_By":"ADD"}]})",
        R"({"Created":"2026-11-22T00:00:00Z"})"})
    EXPECT_THAT(error_of(text), HasSubstr("would be read as")) << text;
  EXPECT_EQ(error_of(R"({"config":{"UserName":"x","Users":"y"},"container_config":{"user":"x"}})"), "");
}

TEST(SecretLook, IsThatOfDocklesNamesAndOfOtherWords) {
  for (const auto* name :
       {"PASSWD", "DB_PASSWORD", "MYSQL_ROOT_PASSWORD", "MYSECRETS", "API_KEY", "SSHKEY", "KEY", "apiKey",
        "access-key", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ACCESS", "GITHUB_TOKEN", "dbPassword",
        "X_CREDENTIALS", "passphrase", "com.example.secret", "KEYS", "GPG_KEY_SECRET"})
    EXPECT_TRUE(looks_secret(name, "x")) << name;
  for (const auto* name : {"PATH", "GPG_KEY", "GPG_KEYS", "YARN_VERSION", "KEYCLOAK_VERSION",
                           "TOKENIZERS_PARALLELISM", "ACCESSIBLE", "POSTGRES_PASSWORD_FILE", "SSH_PUBLIC_KEY",
                           "org.opencontainers.image.revision", "", "LANG", "PASS_THROUGH"})
    EXPECT_FALSE(looks_secret(name, "x")) << name;
}

TEST(SecretLook, IsNotThatOfNothingAndOfTruthValues) {
  for (const auto* value : {"", "true", "no", "Off", "YES"})
    EXPECT_FALSE(looks_secret("ALLOW_EMPTY_PASSWORD", value)) << value;
  for (const auto* value : {"0", "1", "yes!", "none"}) EXPECT_TRUE(looks_secret("PASSWORD", value)) << value;
}

TEST(SecretLook, IsThatOfCredentialsUnderAnyName) {
  const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  for (const auto& value :
       {std::string("-----BEGIN RSA PRIVATE KEY-----\nMII"), std::string("AKIAABCDEFGHIJKLMNOP"),
        std::string("id=ASIA0123456789ABCDEF;"), "ghp_" + letters, "x ghs_" + letters,
        "github_pat_" + letters, "glpat-" + letters.substr(0, 20), "npm_" + letters, "dckr_pat_" + letters,
        "xoxb-" + letters, "sk_live_" + letters, "AIza" + letters,
        std::string("https://bot:s3cret@example.com/x"), std::string("redis://:pw@cache:6379")})
    EXPECT_TRUE(looks_secret("ANYTHING", value)) << value;
  for (const auto& value :
       {std::string("-----BEGIN PUBLIC KEY-----"), std::string("AKIAABCDEFGHIJKLMNOPQ"),
        std::string("AKIAshort"), std::string("xAKIAABCDEFGHIJKLMNOP"), std::string("ghp_short"),
        std::string("https://example.com:8443/a@b"), std::string("https://user@example.com"),
        std::string("postgres://u:$PASSWORD@db"), std::string("https://u:@h"),
        std::string("84d81a284ba9ccd253eb6ae96cf2f0d996b9c9a8")})
    EXPECT_FALSE(looks_secret("ANYTHING", value)) << value;
}

// A test that takes seconds where a word is read anew for each of its parts.
TEST(SecretLook, CostsNoMoreThanTheLengthOfAText) {
  std::string keys, tokens, urls;
  while (keys.size() < limits::kImageConfig) {
    keys += "AKIA";
    tokens += "ghp_";
    urls += "://u:";
  }
  const auto start = std::chrono::steady_clock::now();
  for (const auto& text : {keys, tokens, urls}) {
    (void)is_credential(text);
    (void)read_build_step("ADD " + text);
    (void)read_build_step("|9999 " + text);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(BuildHistory, KnowsAnAddFromAUrlHoweverItIsWritten) {
  const std::string hash(64, 'a');
  struct Row {
    std::string step;
    std::string source;
  };
  for (const auto& row : std::vector<Row>{
           {"ADD https://example.com/a.tgz /opt/ # buildkit", "https://example.com"},
           {"ADD --checksum=sha256:" + hash + " --chown=1:1 https://example.com/a /opt # buildkit",
            "https://example.com"},
           {"ADD [\"https://example.com/a\", \"/opt\"] # buildkit", "https://example.com"},
           {"ADD https://user:hunter2@example.com:8443/TOKEN?sig=x /opt # buildkit",
            "https://example.com:8443"},
           {"ADD git@github.com:acme/shop.git /src # buildkit", "git@github.com"},
           {"ADD https://github.com/acme/shop.git#main /src # buildkit", "https://github.com"},
           {"add http://example.com/a /opt", "http://example.com"},
           {"/bin/sh -c #(nop) ADD https://example.com/a in /opt ", "https://example.com"},
           {"/bin/sh -c #(nop) ADD " + hash + " in /opt ", "a URL that is not recorded"},
           {"/bin/sh -c #(nop) ADD --chown=1000:1000" + hash + " in /opt ", "a URL that is not recorded"},
           {"cmd /S /C #(nop) ADD " + hash + " in C:\\opt ", "a URL that is not recorded"}})
    EXPECT_THAT(read_build_step(row.step).sources, ElementsAre(row.source)) << row.step;
  for (const auto& step : std::vector<std::string>{
           "/bin/sh -c #(nop) ADD file:" + hash + " in / ",
           "/bin/sh -c #(nop) ADD multi:" + hash + " in /opt/ ",
           "/bin/sh -c #(nop) ADD --chown=1:1dir:" + hash + " in / ", "ADD . /app # buildkit",
           "ADD rootfs.tar.xz / # buildkit", "COPY https.txt /x # buildkit",
           "RUN /bin/sh -c curl https://example.com # buildkit", std::string(),
           "CMD [\"ADD\" \"https://example.com\"]", std::string("ADD")})
    EXPECT_THAT(read_build_step(step).sources, IsEmpty()) << step;
}

TEST(BuildHistory, KeepsTheSourcesOfAConfigAsTheyMayBeShown) {
  EXPECT_THAT(built_by("ADD https://user:hunter2@example.com/x?sig=hunter2 /x # buildkit").added_from,
              ElementsAre("https://example.com"));
}

TEST(BuildHistory, CountsBuildArgumentsWhoseValuesHaveSpaces) {
  const auto step = read_build_step("|2 A=one two TOKEN=x /bin/sh -c make B=1");
  ASSERT_EQ(step.values.size(), 2U);
  EXPECT_EQ(step.values[1].first, "TOKEN");
  EXPECT_TRUE(read_build_step("|0 /bin/sh -c make A=1").values.empty());
  EXPECT_TRUE(read_build_step("|").values.empty());
}

}  // namespace
}  // namespace tegata::verifier
