// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/credentials.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>

#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string who(const DockerConfig& config, const std::string& registry, const std::string& path = "a/b") {
  const auto found = config.find({registry, path});
  if (!found.ok()) return std::string(name_of(found.error().code));
  return *found ? (*found)->username + "/" + std::string((*found)->password.reveal()) : "nobody";
}

TEST(DockerConfig, FindsCredentialsByExactHost) {
  const auto config = DockerConfig::parse(R"({"auths":{
      "registry.example.com":{"auth":")" + encode_base64("me:pass:word") +
                                          R"("},
      "registry.example.com:5000":{"username":"other","password":"p"},
      "https://index.docker.io/v1/":{"auth":")" +
                                          encode_base64("hub:h") + R"("},
      "empty.example.com":{}}})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(who(*config, "registry.example.com"), "me/pass:word");
  EXPECT_EQ(who(*config, "registry.example.com:5000"), "other/p");
  EXPECT_EQ(who(*config, "docker.io"), "hub/h");
  for (const std::string host : {"example.com", "evil.registry.example.com", "registry.example.com.evil.test",
                                 "registry.example.com:5001", "empty.example.com", ""})
    EXPECT_EQ(who(*config, host), "nobody") << host;
}

TEST(DockerConfig, TellsWhatItDoesNotUse) {
  const auto config = DockerConfig::parse(
      R"({"credsStore":"desktop","credHelpers":{"x.example.com":"ecr-login"},
          "auths":{"y.example.com":{"identitytoken":"s3cret"}}})");
  ASSERT_TRUE(config.ok());
  ASSERT_EQ(config->warnings().size(), 2U);
  EXPECT_THAT(config->warnings()[1], HasSubstr("x.example.com"));
  EXPECT_EQ(who(*config, "x.example.com"), "nobody");
  const auto refused = config->find({"y.example.com", "a/b"});
  EXPECT_EQ(refused.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(refused.error().message, HasSubstr("identitytoken"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
}

TEST(DockerConfig, APathMatchesByWholeSegmentsTheLongestFirst) {
  const auto config = DockerConfig::parse(R"({"auths":{
      "h.test":{"username":"all","password":"p"},
      "h.test/team-a":{"username":"a","password":"p"},
      "h.test/team-a/inner/":{"username":"inner","password":"p"},
      "https://h.test/v2/team-c":{"username":"c","password":"p"},
      "https://h.test/team-d":{"username":"d","password":"p"},
      "only.test:5000/team-a":{"username":"only","password":"p"},
      "docker.io/acme":{"username":"acme","password":"p"}}})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(who(*config, "h.test", "team-a"), "a/p");
  EXPECT_EQ(who(*config, "h.test", "team-a/app"), "a/p");
  EXPECT_EQ(who(*config, "h.test", "team-a/inner"), "inner/p");
  EXPECT_EQ(who(*config, "h.test", "team-a/inner/app"), "inner/p");
  EXPECT_EQ(who(*config, "h.test", "team-a/inn"), "a/p");
  EXPECT_EQ(who(*config, "h.test", "team-ab"), "all/p");
  EXPECT_EQ(who(*config, "h.test", "team-ab/app"), "all/p");
  EXPECT_EQ(who(*config, "h.test", "x/team-a"), "all/p");
  EXPECT_EQ(who(*config, "h.test", "team-c/app"), "c/p");
  EXPECT_EQ(who(*config, "h.test", "team-d/app"), "d/p");
  EXPECT_EQ(who(*config, "only.test:5000", "team-a/app"), "only/p");
  EXPECT_EQ(who(*config, "only.test:5000", "team-ab"), "nobody");
  EXPECT_EQ(who(*config, "only.test", "team-a/app"), "nobody");
  EXPECT_EQ(who(*config, "docker.io", "acme/app"), "acme/p");
  EXPECT_EQ(who(*config, "docker.io", "library/nginx"), "nobody");
}

TEST(DockerConfig, SpellingsOfOneHostAreTakenInDockersOrder) {
  const auto one = [](const std::string& key, const std::string& name) {
    return "\"" + key + R"(":{"username":")" + name + R"(","password":"p"})";
  };
  // The last of these in byte order is not the one that counts.
  const std::string others = one("http://h.test/v1/", "old") + "," + one("https://h.test", "url") + "," +
                             one("H.test", "shouted") + "," + one("h.test/v1/", "v1");
  EXPECT_EQ(
      who(*DockerConfig::parse("{\"auths\":{" + others + "," + one("h.test", "plain") + "}}"), "h.test"),
      "plain/p");
  EXPECT_EQ(who(*DockerConfig::parse("{\"auths\":{" + others + "}}"), "h.test"), "shouted/p");
  EXPECT_EQ(who(*DockerConfig::parse("{\"auths\":{" + one("http://h.test", "old") + "," +
                                     one("https://h.test/v2/", "url") + "}}"),
                "h.test"),
            "url/p");
  EXPECT_EQ(who(*DockerConfig::parse("{\"auths\":{" + one("docker.io", "short") + "," +
                                     one("registry-1.docker.io", "api") + "," +
                                     one("https://index.docker.io/v1/", "hub") + "}}"),
                "docker.io"),
            "hub/p");
}

TEST(DockerConfig, TriesOneEntryOnly) {
  const auto config = DockerConfig::parse(R"({"auths":{
      "h.test":{"username":"all","password":"p"},
      "h.test/team-a":{"identitytoken":"t"}, "h.test/team-b":{"registrytoken":"t"},
      "h.test/team-c":{}}})");
  EXPECT_EQ(who(*config, "h.test", "team-a/app"), "Unauthorized");
  EXPECT_EQ(who(*config, "h.test", "team-b/app"), "Unauthorized");
  EXPECT_EQ(who(*config, "h.test", "team-c/app"), "all/p");  // empty, as a credential store leaves it
}

TEST(DockerConfig, AHostWithACredentialHelperHasNoOtherEntry) {
  const auto config = DockerConfig::parse(R"({
      "credHelpers":{"h.test":"ecr-login","https://i.test/v2/":"x","j.test":""},
      "auths":{"h.test":{"username":"u","password":"p"}, "h.test/a":{"username":"u","password":"p"},
               "https://i.test":{"username":"u","password":"p"}, "j.test":{"username":"u","password":"p"}}})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(who(*config, "h.test"), "nobody");
  EXPECT_EQ(who(*config, "i.test"), "nobody");
  EXPECT_EQ(who(*config, "j.test"), "u/p");  // docker takes the file where the helper's name is empty
  EXPECT_EQ(config->warnings().size(), 2U);
  EXPECT_THAT(config->hosts(), ::testing::ElementsAre("h.test", "i.test", "j.test"));
}

TEST(DockerConfig, ReadsNullAndLineBreaksAsDockerDoes) {
  auto broken = encode_base64("me:" + std::string(60, 'p'));
  broken.insert(20, "\\r\\n").insert(60, "\\n");
  const auto config = DockerConfig::parse(R"({"credHelpers":null,"credsStore":null,"auths":{
      "a.test":null, "b.test":{"auth":null,"username":"u","password":"p"},
      "c.test":{"auth":")" + broken + R"("}, "d.test":{"auth":")" +
                                          encode_base64(std::string("me:p\0\0", 6)) + R"("}}})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(who(*config, "a.test"), "nobody");
  EXPECT_EQ(who(*config, "b.test"), "u/p");
  EXPECT_EQ(who(*config, "c.test"), "me/" + std::string(60, 'p'));
  EXPECT_EQ(who(*config, "d.test"), "me/p");
  EXPECT_TRUE(DockerConfig::parse("null").ok());
  EXPECT_TRUE(DockerConfig::parse(R"({"auths":null})").ok());
}

TEST(DockerConfig, RefusesWhatItCannotRead) {
  for (const std::string text :
       {"", "[", R"({"auths":[]})", R"({"auths":{"x":7}})", R"({"auths":{"x":{"auth":"%%"}}})",
        R"({"auths":{"x":{"auth":7}}})", R"({"auths":{"x":{"auth":"c2VzYW1l"}}})",
        R"({"auths":{"x":{},"x":{}}})", "7", R"({"auths":{"x":{"auth":"OnBhc3M="}}})"}) {
    const auto config = DockerConfig::parse(text);
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_EQ(config.error().code, ErrorCode::Misconfigured);
    EXPECT_THAT(config.error().message, Not(HasSubstr("c2VzYW1l")));
  }
}

TEST(DockerConfig, IsReadWhereDockerLooks) {
  char folder[] = "/tmp/tegata-config-XXXXXX";
  ASSERT_TRUE(::mkdtemp(folder));
  ::setenv("DOCKER_CONFIG", folder, 1);
  EXPECT_EQ(DockerConfig::default_path(), std::string(folder) + "/config.json");
  EXPECT_TRUE(DockerConfig::load(DockerConfig::default_path()).ok());  // absent: empty
  {
    std::ofstream file(DockerConfig::default_path());
    file << R"({"auths":{"a.example.com":{"username":"u","password":"p"}}})";
  }
  EXPECT_EQ(who(*DockerConfig::load(DockerConfig::default_path()), "a.example.com"), "u/p");
  {
    std::ofstream file(DockerConfig::default_path());
    file << "{}" << std::string(limits::kDockerConfig - 1, ' ');
  }
  EXPECT_EQ(DockerConfig::load(DockerConfig::default_path()).error().code, ErrorCode::Misconfigured);
  std::filesystem::remove_all(folder);
  ::unsetenv("DOCKER_CONFIG");
  ::setenv("HOME", "/home/somebody", 1);
  EXPECT_EQ(DockerConfig::default_path(), "/home/somebody/.docker/config.json");
}

TEST(DockerCredentials, GiveWhatTheConfigSaysNow) {
  const auto config = [](const char* password) {
    return *DockerConfig::parse(R"({"auths":{"h.test":{"username":"u","password":")" + std::string(password) +
                                R"("}}})");
  };
  DockerCredentials credentials(config("old"));
  const auto password = [&] {
    std::string found = "not called";
    credentials.find({"h.test", "a/b"}, [&](Result<std::shared_ptr<const Credentials>> who) {
      found = who.ok() && *who ? std::string((*who)->password.reveal()) : "none";
    });
    return found;
  };
  EXPECT_EQ(password(), "old");
  credentials.replace(config("new"));
  EXPECT_EQ(password(), "new");
  credentials.replace({});
  EXPECT_EQ(password(), "none");
}

TEST(Credentials, AreABasicHeader) {
  const Credentials credentials{"Aladdin", Secret("open sesame")};
  EXPECT_EQ(credentials.basic().reveal(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace
}  // namespace tegata::verifier
