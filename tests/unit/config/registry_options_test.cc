// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/registry_options.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(RegistryOptions, TakeHostsAsReferencesNameThem) {
  const auto settings = registry_settings(
      {.insecure_plain_http = {"localhost:5000", "registry.local", "[::1]:5000", "10.0.0.1"},
       .registry_ca = ""});
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_THAT(settings->settings.insecure_plain_http,
              ElementsAre("10.0.0.1", "[::1]:5000", "localhost:5000", "registry.local"));
}

TEST(RegistryOptions, RefuseWhatIsNoHost) {
  for (const char* name :
       {"", "http://localhost:5000", "localhost:", "localhost:port", "LOCALHOST", "a/b", "::1", ":5000"}) {
    const auto settings = registry_settings({.insecure_plain_http = {name}, .registry_ca = ""});
    ASSERT_FALSE(settings.ok()) << name;
    EXPECT_EQ(settings.error().code, ErrorCode::Misconfigured) << name;
  }
}

TEST(RegistryOptions, RefuseACaFileThatCannotBeUsed) {
  const auto absent = registry_settings({.insecure_plain_http = {}, .registry_ca = "/nonexistent/ca.crt"});
  EXPECT_EQ(absent.error().code, ErrorCode::NotFound);
  const auto no_pem = registry_settings({.insecure_plain_http = {}, .registry_ca = "/etc/hostname"});
  EXPECT_THAT(no_pem.error().message, HasSubstr("contains no PEM certificate"));
}

RegistryOptions roles_and_ids(std::vector<std::string> roles, std::vector<std::string> ids) {
  RegistryOptions options;
  options.aws_roles = std::move(roles);
  options.aws_external_ids = std::move(ids);
  return options;
}

TEST(AwsOptions, NameOneRoleForEachAccount) {
  const std::string one = "arn:aws:iam::111122223333:role/tegata",
                    two = "arn:aws:iam::444455556666:role/tegata";
  const auto roles = *aws_roles(roles_and_ids({one, two}, {"444455556666=a=b"}));
  ASSERT_EQ(roles.size(), 2U);
  EXPECT_EQ(roles.at("111122223333").external_id, "");
  EXPECT_EQ(roles.at("444455556666").external_id, "a=b");
  for (const auto& wrong : {roles_and_ids({"tegata"}, {}), roles_and_ids({one, one + "2"}, {}),
                            roles_and_ids({}, {"111122223333=ab"}), roles_and_ids({one}, {"ab"}),
                            roles_and_ids({one}, {"111122223333=a"}),
                            roles_and_ids({one}, {"111122223333=ab", "111122223333=cd"})})
    EXPECT_EQ(registry_settings(wrong).error().code, ErrorCode::Misconfigured);
}

TEST(AwsOptions, NameRolesUpToTheLimit) {
  RegistryOptions options;
  for (std::size_t i = 0; i < limits::kAwsRoles; ++i)
    options.aws_roles.push_back("arn:aws:iam::" + std::to_string(100'000'000'000 + i) + ":role/x");
  EXPECT_TRUE(aws_roles(options).ok());
  options.aws_roles.push_back("arn:aws:iam::999999999999:role/x");
  EXPECT_FALSE(aws_roles(options).ok());
}

}  // namespace
}  // namespace tegata::webhook
