// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/docker_config.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>

#include "policy/model/limits.h"
#include "verifier/crypto/base64.h"

namespace tegata::verifier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string who(const DockerConfig& config, const std::string& registry) {
  const auto found = config.find(registry);
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
  const auto refused = config->find("y.example.com");
  EXPECT_EQ(refused.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(refused.error().message, HasSubstr("identitytoken"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
}

TEST(DockerConfig, RefusesWhatItCannotRead) {
  for (const std::string text : {"", "[", R"({"auths":[]})", R"({"auths":{"x":7}})",
                                 R"({"auths":{"x":{"auth":"%%"}}})", R"({"auths":{"x":{"auth":7}}})",
                                 R"({"auths":{"x":{"auth":"c2VzYW1l"}}})", R"({"auths":{"x":{},"x":{}}})"}) {
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

TEST(Credentials, AreABasicHeader) {
  const Credentials credentials{"Aladdin", Secret("open sesame")};
  EXPECT_EQ(credentials.basic().reveal(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace
}  // namespace tegata::verifier
