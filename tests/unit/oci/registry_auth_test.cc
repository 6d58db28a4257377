// SPDX-License-Identifier: Apache-2.0
#include "registry_auth_fixture.h"

namespace tegata::verifier {
namespace {

TEST_F(RegistryAuthentication, AnAnonymousTokenIsAskedForAndUsed) {
  ASSERT_TRUE(tag().ok());
  const auto asked = tokens_.requests().at(0);
  EXPECT_THAT(asked.target,
              ::testing::StrCaseEq("/token?service=my+registry&scope=repository%3afx%2fapp%3apull"));
  EXPECT_EQ(asked.header("authorization"), "");
  EXPECT_EQ(registry_.total(), 2U);
}

TEST_F(RegistryAuthentication, ATokenIsKeptForItsRepositoryAndThe401IsAskedForOnce) {
  ASSERT_TRUE(tag().ok());
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.total(), 1U);
  EXPECT_EQ(registry_.total(), 3U);
  ASSERT_TRUE(tag("fx/two").ok());  // a token of its own, and no 401 before it
  EXPECT_EQ(tokens_.total(), 2U);
  EXPECT_EQ(registry_.total(), 4U);
}

TEST_F(RegistryAuthentication, ATokenIsRenewedAfterFourFifthsOfItsLife) {
  ASSERT_TRUE(tag().ok());
  now_ = now_.load() + std::chrono::seconds(239);
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.total(), 1U);
  now_ = now_.load() + std::chrono::seconds(1);
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.total(), 2U);
}

TEST_F(RegistryAuthentication, ATokenThatIsRefusedIsReplacedOnce) {
  ASSERT_TRUE(tag().ok());
  wanted_ = "Bearer newer";
  tokens_.on("/token", Reply{200, {}, R"({"access_token":"newer"})"});
  EXPECT_TRUE(tag().ok());
  wanted_ = "Bearer never given";
  const auto before = registry_.total();
  EXPECT_EQ(tag().error().code, ErrorCode::Unauthorized);
  EXPECT_EQ(registry_.total(), before + 2);
}

TEST_F(RegistryAuthentication, ManyRequestsAtOnceNeedOneToken) {
  std::vector<ContentRequest> requests(50, TagRequest{{registry_.host(), "fx/app"}, "v1"});
  for (const auto& answer : fetch_and_wait(*source_, requests, testing::soon())) EXPECT_TRUE(answer.ok());
  // Those whose 401 came back before the first token was there share one request for it.
  EXPECT_EQ(tokens_.total(), 1U);
}

TEST_F(RegistryAuthentication, CredentialsGoToTheTokenServiceAndNotToTheRegistry) {
  open_with_password();
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.requests().at(0).header("authorization"), kBasic);
  for (const auto& request : registry_.requests()) EXPECT_NE(request.header("authorization"), kBasic);
}

TEST_F(RegistryAuthentication, CredentialsForOneHostStayFromEveryOther) {
  open({registry_.host(), tokens_.host()},
       R"({"auths":{"127.0.0.1":{"username":"me","password":"sesame"},")" + tokens_.host() +
           R"(":{"username":"me","password":"sesame"}}})");
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.requests().at(0).header("authorization"), "");
}

TEST_F(RegistryAuthentication, ATokenServiceOverPlainHttpMustBeNamed) {
  open({registry_.host()});
  const auto answer = tag();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(answer.error().message, HasSubstr("not https"));
  EXPECT_EQ(tokens_.total(), 0U);
}

TEST_F(RegistryAuthentication, ATokenOfTheOldPasswordIsDropped) {
  open_with_password();
  tokens_.on_ask("/token", [](const ServedRequest& request) {
    const bool old = request.header("authorization") == kBasic;
    return Reply{
        200, {}, old ? R"({"token":"opens","expires_in":300})" : R"({"token":"new","expires_in":300})"};
  });
  ASSERT_TRUE(tag().ok());
  credentials_->replace(*DockerConfig::parse(config_with("sesame")));  // the same again changes nothing
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.total(), 1U);
  wanted_ = "Bearer new";
  const auto before = registry_.total();
  credentials_->replace(*DockerConfig::parse(config_with("changed")));
  EXPECT_TRUE(tag().ok());
  EXPECT_EQ(tokens_.total(), 2U);
  EXPECT_EQ(registry_.total(), before + 1);  // the old token was not even tried
}

TEST_F(RegistryAuthentication, ARotatedPasswordIsUsedForBasicToo) {
  const auto only = std::make_shared<testing::Guarded<std::string>>(kBasic);
  registry_.on_ask("/v2/fx/app/manifests/v1", [only](const ServedRequest& request) {
    if (request.header("authorization") == only->get()) return kGood;
    return Reply{401, {{"WWW-Authenticate", "Basic realm=\"here\""}}, ""};
  });
  open_with_password();
  ASSERT_TRUE(tag().ok());
  *only = "Basic " + encode_base64("me:changed");
  EXPECT_EQ(tag().error().code, ErrorCode::Unauthorized);
  credentials_->replace(*DockerConfig::parse(config_with("changed")));
  EXPECT_TRUE(tag().ok());
}

TEST_F(RegistryAuthentication, AnEntryWithAPathIsForNoOtherRepository) {
  open({registry_.host(), tokens_.host()}, config_with("sesame", "/fx/app"));
  ASSERT_TRUE(tag("fx/app").ok());
  ASSERT_TRUE(tag("fx/two").ok());
  ASSERT_EQ(tokens_.total(), 2U);
  EXPECT_EQ(tokens_.requests().at(0).header("authorization"), kBasic);
  EXPECT_EQ(tokens_.requests().at(1).header("authorization"), "");
}

TEST_F(RegistryAuthentication, ARepositoryWithoutCredentialsIsAskedAnonymouslyWhereAnotherNeedsThem) {
  registry_.on_ask("/v2/fx/app/manifests/v1", [](const ServedRequest& request) {
    if (request.header("authorization") == kBasic) return kGood;
    return Reply{401, {{"WWW-Authenticate", "Basic realm=\"here\""}}, ""};
  });
  registry_.on("/v2/fx/open/manifests/v1", kGood);
  open({registry_.host(), tokens_.host()}, config_with("sesame", "/fx/app"));
  ASSERT_TRUE(tag().ok());
  ASSERT_TRUE(tag("fx/open").ok());
  EXPECT_EQ(registry_.requests().back().header("authorization"), "");
}

TEST_F(RegistryAuthentication, WhatTheTokenServiceSaysIsTold) {
  open_with_password();
  const std::string long_words(limits::kRefusalWords, 'w');
  const std::vector<std::tuple<Reply, ErrorCode, std::string>> table{
      {{401, {}, R"({"details":"incorrect username or password"})"},
       ErrorCode::Unauthorized,
       "refuses the user name and password (401) for fx/app: \"incorrect username or password\""},
      {{200, {}, R"({"details":"no such scope"})"},
       ErrorCode::UnexpectedAnswer,
       "no token and says \"no such scope\""},
      {{403, {}, R"({"errors":[{"code":"DENIED","message":"not for you"}]})"},
       ErrorCode::Unauthorized,
       ": \"not for you\""},
      {{403, {}, "{\"details\":\"" + long_words + "\"}"}, ErrorCode::Unauthorized, long_words},
  };
  for (const auto& [reply, code, words] : table) {
    tokens_.on("/token", reply);
    const auto answer = tag();
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code);
    EXPECT_THAT(answer.error().message, HasSubstr(words));
  }
  for (const std::string secret : {R"({"details":"not sesame"})", R"({"errors":[{"message":"sesame"}]})"})
    for (const int status : {200, 401, 500}) {
      tokens_.on("/token", Reply{status, {}, secret});
      EXPECT_THAT(tag().error().message, Not(HasSubstr("sesame"))) << status;
    }
  tokens_.on("/token", Reply{401, {}, "{\"details\":\"w" + long_words + "\"}"});
  EXPECT_THAT(tag().error().message, Not(HasSubstr("ww")));
}

TEST_F(RegistryAuthentication, WhatWasSentIsNotInMessagesWhoeverEchoesIt) {
  open_with_password();
  const std::string encoded = encode_base64("me:sesame");
  for (const std::string& echo : {kBasic, encoded, encoded.substr(0, encoded.find('=')), "basic " + encoded,
                                  std::string("Bearer opens"), std::string("SESAME")})
    for (const int status : {200, 401, 403, 500}) {
      tokens_.on("/token", Reply{status, {}, "{\"details\":\"you sent: " + echo + "\"}"});
      const auto answer = tag();
      ASSERT_FALSE(answer.ok());
      EXPECT_THAT(answer.error().message, Not(HasSubstr("you sent"))) << echo << status;
    }
}

TEST_F(RegistryAuthentication, ARegistryThatEchoesItsAuthorizationIsNotQuoted) {
  open_with_password();
  const std::string manifest = "application/vnd.oci.image.manifest.v1+json";
  testing::Guarded<HttpHeaders> echo;
  const auto guarded = [&](const std::string& path, const std::string& scheme) {
    registry_.on_ask(path, [&echo, scheme, this](const ServedRequest& request) {
      if (request.header("authorization").empty())
        return Reply{401, {{"WWW-Authenticate", scheme + " realm=\"" + realm_.get() + "\""}}, ""};
      return Reply{200, echo.get(), "{}"};
    });
  };
  const auto message = [&](const std::string& repository) {
    const auto answer = tag(repository);
    return answer.ok() ? "" : answer.error().message;
  };
  guarded("/v2/fx/token/manifests/v1", "Bearer");
  echo = HttpHeaders{{"Content-Type", "x/opens"}};
  EXPECT_THAT(message("fx/token"), HasSubstr("answered with (not shown), which is not"));
  guarded("/v2/fx/echo/manifests/v1", "Basic");
  open_with_password();  // without the token
  for (const auto& words : {kBasic, encode_base64("me:sesame"), std::string("sesame")}) {
    echo = HttpHeaders{{"Content-Type", words}};
    EXPECT_THAT(message("fx/echo"), HasSubstr("answered with (not shown), which is not")) << words;
    echo = HttpHeaders{{"Content-Type", manifest}, {"Docker-Content-Digest", words}};
    EXPECT_THAT(message("fx/echo"), HasSubstr("it is (not shown) for bytes")) << words;
  }
  echo = HttpHeaders{{"Content-Type", "x/y"}};
  EXPECT_THAT(message("fx/echo"), HasSubstr("answered with \"x/y\", which is not"));
  echo = HttpHeaders();  // after the server's last read, for the thread sanitizer
}

TEST_F(RegistryAuthentication, ATokenServiceThatNeverGaveATokenIsForgotten) {
  const auto good = realm_.get();
  realm_ = "https://169.254.169.254/token";
  EXPECT_FALSE(tag().ok());
  realm_ = good;
  EXPECT_TRUE(tag("fx/two").ok());
}

TEST_F(RegistryAuthentication, ATokenServiceThatRedirectsIsNotFollowed) {
  open_with_password();
  FakeRegistry thief;
  tokens_.on("/token", Reply{302, {{"Location", "http://" + thief.host() + "/token"}}, ""});
  EXPECT_EQ(tag().error().code, ErrorCode::UnexpectedAnswer);
  EXPECT_EQ(thief.connections(), 0U);
}

TEST_F(RegistryAuthentication, WhatTheTokenServiceAnswersHasItsCode) {
  open_with_password();
  const std::vector<std::pair<Reply, ErrorCode>> table{
      {{401, {}, "sesame"}, ErrorCode::Unauthorized},
      {{403, {}, ""}, ErrorCode::Unauthorized},
      {{429, {{"Retry-After", "3000"}}, ""}, ErrorCode::RateLimited},
      {{500, {}, ""}, ErrorCode::Unavailable},
      {{404, {}, ""}, ErrorCode::UnexpectedAnswer},
      {{200, {}, "<html>"}, ErrorCode::UnexpectedAnswer},
      {{200, {}, "{}"}, ErrorCode::UnexpectedAnswer},
      {{200, {}, R"({"token":7})"}, ErrorCode::UnexpectedAnswer},
      {{200, {}, R"({"token":"a\r\nX: y"})"}, ErrorCode::UnexpectedAnswer},
      {{200, {}, R"({"token":"a","expires_in":"x"})"}, ErrorCode::UnexpectedAnswer},
      {{200, {}, std::string(1000, ' '), Ending::Endless}, ErrorCode::UnexpectedAnswer},
  };
  for (const auto& [reply, code] : table) {
    tokens_.on("/token", reply);
    const auto answer = tag();
    ASSERT_FALSE(answer.ok()) << reply.body;
    EXPECT_EQ(answer.error().code, code)
        << reply.status << reply.body.substr(0, 50) << answer.error().message;
    EXPECT_THAT(answer.error().message, Not(HasSubstr("sesame")));
  }
}

TEST_F(RegistryAuthentication, AMissingTokenServiceDoesNotMakeAnImageMissing) {
  tokens_.on("/token", Reply{404, {}, ""});
  EXPECT_EQ(tag().error().code, ErrorCode::UnexpectedAnswer);
}

TEST_F(RegistryAuthentication, BasicIsAnsweredFromTheConfigAndRemembered) {
  wanted_ = kBasic;
  registry_.on_ask("/v2/fx/app/manifests/v1", [](const ServedRequest& request) {
    if (request.header("authorization") == kBasic) return kGood;
    return Reply{401, {{"WWW-Authenticate", "Basic realm=\"here\""}}, ""};
  });
  EXPECT_EQ(tag().error().code, ErrorCode::Unauthorized);  // there is none yet
  EXPECT_EQ(registry_.total(), 1U);
  open_with_password();
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(registry_.total(), 3U);
  ASSERT_TRUE(tag().ok());
  EXPECT_EQ(registry_.total(), 4U);
}

TEST_F(RegistryAuthentication, ARefusedPasswordIsTriedOnceAndNotQuoted) {
  registry_.on("/v2/fx/three/manifests/v1", Reply{401, {{"WWW-Authenticate", "Basic realm=\"here\""}}, ""});
  open_with_password();
  const auto answer = tag("fx/three");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("sesame")));
  EXPECT_EQ(registry_.total(), 2U);
}

TEST_F(RegistryAuthentication, AnIdentityTokenIsRefusedByName) {
  open({registry_.host(), tokens_.host()},
       R"({"auths":{")" + registry_.host() + R"(":{"identitytoken":"secret"}}})");
  const auto answer = tag();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(answer.error().message, HasSubstr("identitytoken"));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("secret")));
}

TEST_F(RegistryAuthentication, OtherSchemesAreNotAnswered) {
  for (const std::string header :
       {"Negotiate", "Digest realm=\"x\"", "", "=,=", "Bearer", "Bearer service=\"x\""}) {
    registry_.on("/v2/fx/three/manifests/v1", Reply{401, {{"WWW-Authenticate", header}}, ""});
    open_with_password();
    EXPECT_EQ(tag("fx/three").error().code, ErrorCode::Unauthorized) << header;
  }
  EXPECT_EQ(tokens_.total(), 0U);
}

TEST_F(RegistryAuthentication, AFailedTokenRequestIsNotRemembered) {
  tokens_.on("/token", {Reply{500, {}, ""}, Reply{500, {}, ""}, Reply{500, {}, ""},
                        Reply{200, {}, R"({"token":"opens"})"}});
  EXPECT_EQ(tag().error().code, ErrorCode::Unavailable);
  EXPECT_TRUE(tag().ok());
}

}  // namespace
}  // namespace tegata::verifier
