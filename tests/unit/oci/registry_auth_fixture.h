// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who is told which secret, how often, and who never is.
#include <gmock/gmock.h>

#include <atomic>
#include <future>

#include "policy/model/limits.h"
#include "tests/support/fake_registry.h"
#include "tests/support/guarded.h"
#include "tests/support/registry_fixture.h"
#include "tests/support/test_certificate.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/oci/registry_auth.h"

namespace tegata::verifier {

using testing::ask;
using testing::Ending;
using testing::FakeRegistry;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Reply;
using testing::ServedRequest;

inline const Reply kGood{200, {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}}, "{}"};
inline const std::string kBasic = "Basic " + encode_base64("me:sesame");

/// A registry whose tags want a token of `tokens`, and a token service at /token.
class RegistryAuthentication : public ::testing::Test {
 protected:
  void SetUp() override {
    realm_ = "http://" + tokens_.host() + "/token";
    guard("fx/app");
    guard("fx/two");
    tokens_.on("/token", Reply{200, {}, R"({"token":"opens","expires_in":300})"});
    open({registry_.host(), tokens_.host()});
  }
  void guard(const std::string& repository) {
    registry_.on_ask("/v2/" + repository + "/manifests/v1", [this](const ServedRequest& request) {
      if (request.header("authorization") == wanted_.get()) return kGood;
      return Reply{
          401, {{"WWW-Authenticate", "Bearer realm=\"" + realm_.get() + "\",service=\"my registry\""}}, ""};
    });
  }
  void open(std::set<std::string> plain_http, const std::string& config = "{}") {
    RegistrySettings settings;
    settings.insecure_plain_http = std::move(plain_http);
    settings.retry.first = settings.retry.longest = std::chrono::milliseconds(1);
    credentials_ = std::make_shared<DockerCredentials>(*DockerConfig::parse(config));
    settings.credentials = credentials_;
    settings.now = [this] { return now_.load(); };
    source_ = *RegistrySource::open(std::move(settings));
  }
  void open_with_password() { open({registry_.host(), tokens_.host()}, config_with("sesame")); }
  std::string config_with(const std::string& password, const std::string& path = "") const {
    return R"({"auths":{")" + registry_.host() + path + R"(":{"auth":")" + encode_base64("me:" + password) +
           R"("}}})";
  }
  ContentAnswer tag(const std::string& repository = "fx/app") {
    return ask(*source_, TagRequest{{registry_.host(), repository}, "v1"});
  }

  std::atomic<Deadline::Clock::time_point> now_{Deadline::Clock::now()};
  testing::Guarded<std::string> wanted_{"Bearer opens"};
  testing::Guarded<std::string> realm_;
  FakeRegistry registry_;
  FakeRegistry tokens_;
  std::shared_ptr<DockerCredentials> credentials_;
  std::unique_ptr<RegistrySource> source_;
};

}  // namespace tegata::verifier
