// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/registry_options.h"

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace tegata::webhook
