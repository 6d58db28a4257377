// SPDX-License-Identifier: Apache-2.0
// Which token service of a registry gets credentials, when the registry names another one.
#include "registry_auth_fixture.h"

namespace tegata::verifier {
namespace {

TEST_F(RegistryAuthentication, TheFirstTokenServiceIsPinned) {
  open_with_password();
  ASSERT_TRUE(tag().ok());
  FakeRegistry thief;
  realm_ = "http://" + tokens_.host() + "/elsewhere";
  wanted_ = "Bearer another";
  const auto answer = tag();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(answer.error().message, HasSubstr("named the token service"));
  EXPECT_EQ(tokens_.count("/elsewhere"), 0U);
}

/// The registry moves from one token service to another, which gives the token that it then wants.
class MovedTokenService : public RegistryAuthentication {
 protected:
  void move() {
    realm_ = "http://" + tokens_.host() + "/elsewhere";
    wanted_ = "Bearer another";
    tokens_.on("/elsewhere", Reply{200, {}, R"({"token":"another","expires_in":300})"});
  }
};

TEST_F(MovedTokenService, GetsCredentialsAnHourAfterTheLastTokenOfTheOld) {
  open_with_password();
  ASSERT_TRUE(tag().ok());
  move();
  EXPECT_FALSE(tag().ok());
  now_ = now_.load() + limits::kTokenServicePin - std::chrono::seconds(1);
  EXPECT_FALSE(tag().ok());
  EXPECT_FALSE(tag("fx/two").ok());
  EXPECT_EQ(tokens_.count("/token"), 1U);  // the old one is asked no more, or the hour would never end
  now_ = now_.load() + std::chrono::seconds(1);
  EXPECT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.count("/elsewhere"), 1U);
}

TEST_F(MovedTokenService, IsAcceptedWhenTheOperatorSaysSo) {
  open_with_password();
  ASSERT_TRUE(tag().ok());
  move();
  EXPECT_FALSE(tag().ok());
  source_->forget_authentication();
  EXPECT_TRUE(tag().ok());
}

TEST_F(MovedTokenService, IsAcceptedAtOnceWhereNoCredentialsGoThere) {
  ASSERT_TRUE(tag().ok());
  move();
  EXPECT_TRUE(tag().ok());
  EXPECT_TRUE(tag("fx/two").ok());
}

TEST_F(MovedTokenService, GetsNoCredentialsAfterAnAnonymousRequestToIt) {
  open({registry_.host(), tokens_.host()}, config_with("sesame", "/fx/app"));
  ASSERT_TRUE(tag().ok());
  move();
  ASSERT_TRUE(tag("fx/two").ok());  // it has no credentials, so it follows the registry
  EXPECT_EQ(tokens_.requests().back().path(), "/elsewhere");
  // The first with the token that is kept, the second without one.
  EXPECT_EQ(tag().error().code, ErrorCode::Unauthorized);
  now_ = now_.load() + std::chrono::seconds(300);
  EXPECT_EQ(tag().error().code, ErrorCode::Unauthorized);
  for (const auto& request : tokens_.requests())
    if (request.path() == "/elsewhere") {
      EXPECT_EQ(request.header("authorization"), "");
    }
}

TEST_F(MovedTokenService, ThatRefusesAnonymousRequestsDoesNotEndThePin) {
  open({registry_.host(), tokens_.host()}, config_with("sesame", "/fx/app"));
  ASSERT_TRUE(tag().ok());
  move();
  tokens_.on("/elsewhere", Reply{401, {}, ""});
  EXPECT_FALSE(tag("fx/two").ok());
  tokens_.on("/elsewhere", Reply{200, {}, R"({"token":"another"})"});
  EXPECT_EQ(tag().error().code, ErrorCode::Unauthorized);
}

TEST_F(MovedTokenService, IsNotUsedWhereAnonymousRequestsKeepTheOld) {
  open({registry_.host(), tokens_.host()}, config_with("sesame", "/fx/app"));
  ASSERT_TRUE(tag("fx/two").ok());  // anonymous: nothing is pinned by it
  ASSERT_TRUE(tag().ok());
  ASSERT_TRUE(tag("fx/two").ok());
  move();
  EXPECT_FALSE(tag().ok());
  now_ = now_.load() + limits::kTokenServicePin;
  EXPECT_TRUE(tag().ok());
}

TEST_F(MovedTokenService, ThatMovesBackIsUsedAsBefore) {
  open_with_password();
  ASSERT_TRUE(tag().ok());
  const auto good = realm_.get();
  move();
  EXPECT_FALSE(tag().ok());
  realm_ = good;
  wanted_ = "Bearer opens";
  EXPECT_TRUE(tag("fx/two").ok());
}

/// RegistryAuth without registries: their challenges are given to it, and only token services are asked.
class ManyRegistries : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.insecure_plain_http = {tokens_.host()};
    settings_.credentials = std::make_shared<DockerCredentials>(
        *DockerConfig::parse(R"({"auths":{"ours.test":{"auth":")" + encode_base64("me:sesame") + R"("}}})"));
    tokens_.on("/token", Reply{200, {}, R"({"token":"opens"})"});
    tokens_.on("/elsewhere", Reply{200, {}, R"({"token":"another"})"});
  }
  /// Whether a token is obtained from `path` for this registry.
  bool challenge(const std::string& registry, const std::string& path) {
    const HttpResponse unauthorized{
        401, {{"www-authenticate", "Bearer realm=\"http://" + tokens_.host() + path + "\""}}, ""};
    std::promise<bool> given;
    auth_.answer_challenge({registry, "fx/app"}, unauthorized, Secret(), nullptr,
                           [&](Result<Secret> header) { given.set_value(header.ok()); });
    return given.get_future().get();
  }
  void challenge_others(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      ASSERT_TRUE(challenge("r" + std::to_string(i) + ".test", "/token"));
  }

  FakeRegistry tokens_;
  RegistrySettings settings_;
  HttpTransport transport_{HttpSettings{.loopback_hosts = {tokens_.host()}}};
  RetryingSender sender_{transport_, RetryPolicy{}};
  RegistryAuth auth_{settings_, sender_};
};

TEST_F(ManyRegistries, DoNotDisplaceAPinnedTokenService) {
  ASSERT_TRUE(challenge("ours.test", "/token"));
  challenge_others(limits::kRegistries + 1);
  EXPECT_FALSE(challenge("ours.test", "/elsewhere"));
  EXPECT_EQ(tokens_.count("/elsewhere"), 0U);
}

}  // namespace
}  // namespace tegata::verifier
