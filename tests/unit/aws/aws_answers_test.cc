// SPDX-License-Identifier: Apache-2.0
// What the answers of AWS are read as.
#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "policy/model/rfc3339.h"
#include "verifier/aws/aws_credentials.h"
#include "verifier/aws/aws_error.h"
#include "verifier/aws/credential_fetch.h"
#include "verifier/aws/ecr_login.h"
#include "verifier/aws/ecr_repository.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kEndpointAnswer =
    R"({"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s3cret","Token":"tok3n","Expiration":"2026-11-29T12:00:00Z"})";

TEST(AwsCredentials, AreReadFromAnEndpoint) {
  const auto keys = *read_endpoint_credentials(kEndpointAnswer);
  EXPECT_EQ(keys->access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(keys->secret_access_key.reveal(), "s3cret");
  EXPECT_EQ(keys->session_token.reveal(), "tok3n");
  EXPECT_EQ(rfc3339(*keys->expires), "2026-11-29T12:00:00.000Z");
  EXPECT_TRUE(
      read_endpoint_credentials(
          R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"B","Expiration":"2026-11-29T12:00:00Z"})")
          .ok());
}

TEST(AwsCredentials, OfAnEndpointAreRefusedWithoutAQuote) {
  for (
      const std::string text :
      {"", "s3cret", "[]", "{}", R"({"AccessKeyId":"A","SecretAccessKey":"s3cret"})",
       R"({"AccessKeyId":"A","SecretAccessKey":"s3cret","Expiration":"s3cret"})",
       R"({"AccessKeyId":"A","SecretAccessKey":["s3cret"],"Expiration":"2026-11-29T12:00:00Z"})",
       R"({"AccessKeyId":"A","SecretAccessKey":"s3cret\r\nX: y","Expiration":"2026-11-29T12:00:00Z"})",
       R"({"AccessKeyId":"A","SecretAccessKey":"s3","Token":"s3cret\n","Expiration":"2026-11-29T12:00:00Z"})",
       R"({"AccessKeyId":"A/b","SecretAccessKey":"s3cret","Expiration":"2026-11-29T12:00:00Z"})",
       R"({"AccessKeyId":"","SecretAccessKey":"s3cret","Expiration":"2026-11-29T12:00:00Z"})",
       R"({"Code":"s3cret","AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2026-11-29T12:00:00Z"})"}) {
    const auto keys = read_endpoint_credentials(text);
    ASSERT_FALSE(keys.ok()) << text;
    EXPECT_EQ(keys.error().code, ErrorCode::UnexpectedAnswer);
    EXPECT_THAT(keys.error().message, Not(HasSubstr("s3cret")));
  }
}

TEST(AwsCredentials, HaveTextsUpToTheLimit) {
  EXPECT_TRUE(make_credentials({"A", "B", std::string(limits::kAwsCredentialText, 'x')}).ok());
  EXPECT_FALSE(make_credentials({"A", "B", std::string(limits::kAwsCredentialText + 1, 'x')}).ok());
}

std::string sts_answer(const std::string& operation, const std::string& secret) {
  return "<" + operation + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + operation +
         "Result><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>" + secret +
         "</SecretAccessKey><SessionToken>tok&#43;en</SessionToken><Expiration>2026-11-29T12:00:00Z</"
         "Expiration>"
         "</Credentials></" +
         operation + "Result></" + operation + "Response>";
}

TEST(AwsCredentials, AreReadFromSts) {
  for (const char* operation : {"AssumeRole", "AssumeRoleWithWebIdentity"}) {
    const auto keys = *read_sts_credentials(sts_answer(operation, "a/b+c="), operation);
    EXPECT_EQ(keys->secret_access_key.reveal(), "a/b+c=");
    EXPECT_EQ(keys->session_token.reveal(), "tok+en");
  }
  EXPECT_FALSE(read_sts_credentials(sts_answer("AssumeRole", "x"), "AssumeRoleWithWebIdentity").ok());
  EXPECT_FALSE(read_sts_credentials("{}", "AssumeRole").ok());
  const auto broken = read_sts_credentials(sts_answer("AssumeRole", "s3cret&#10;x"), "AssumeRole");
  EXPECT_THAT(broken.error().message, Not(HasSubstr("s3cret")));
}

TEST(MetadataRole, IsANameAndNoPath) {
  EXPECT_EQ(*read_role_name("tegata-role\nsecond\n"), "tegata-role");
  EXPECT_EQ(*read_role_name(std::string(64, 'r')), std::string(64, 'r'));
  for (const std::string& text : {std::string(), std::string("a/b"), std::string(".."), std::string("a b"),
                                  std::string("a?x"), std::string("a%2f"), std::string(65, 'r')})
    EXPECT_FALSE(read_role_name(text).ok()) << text;
}

TEST(FormBody, EscapesEverythingThatCouldEndAValue) {
  EXPECT_EQ(form_body({{"A", "x&B=y"}, {"C", "a b+~%\xc3"}}), "A=x%26B%3Dy&C=a%20b%2B~%25%C3");
}

TEST(ServiceError, IsReadFromEveryForm) {
  struct Case {
    std::string body, type, code, message;
  };
  for (const auto& [body, type, code, message] : std::vector<Case>{
           {R"({"__type":"com.amazonaws.ecr#ScanNotFoundException","message":"m"})", "",
            "ScanNotFoundException", "m"},
           {R"({"__type":"ThrottlingException","Message":"M"})", "", "ThrottlingException", "M"},
           {R"({"code":"AccessDeniedException"})", "", "AccessDeniedException", ""},
           {R"({"message":"m"})", "ValidationException:http://x/", "ValidationException", "m"},
           {"<ErrorResponse><Error><Code>ExpiredToken</Code><Message>a "
            "&lt;b&gt;</Message></Error></ErrorResponse>",
            "", "ExpiredToken", "a <b>"},
           {"<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors></"
            "Response>",
            "", "AuthFailure", "m"},
           {"<Error><Code>SlowDown</Code></Error>", "", "SlowDown", ""},
           {"<html>gateway", "", "", ""},
           {"", "", "", ""},
           {"[]", "", "", ""},
           {R"({"__type":{"x":1},"message":["m"]})", "", "", ""},
           {R"({"__type":"a b c"})", "", "", ""},
       }) {
    HttpResponse response{400, {}, body};
    if (!type.empty()) response.headers = {{"x-amzn-errortype", type}};
    const auto error = read_service_error(response);
    EXPECT_EQ(error.code, code) << body;
    EXPECT_EQ(error.message, message) << body;
  }
}

TEST(ServiceError, HasACodeUpToTheLimit) {
  const auto code = [](std::size_t size) {
    return read_service_error({400, {}, R"({"__type":")" + std::string(size, 'x') + "\"}"}).code;
  };
  EXPECT_EQ(code(limits::kAwsErrorCode).size(), limits::kAwsErrorCode);
  EXPECT_EQ(code(limits::kAwsErrorCode + 1), "");
}

TEST(ServiceError, IsOneOfOurKinds) {
  struct Case {
    int status;
    std::string code;
    ErrorCode kind;
    AwsRetry retry;
  };
  for (const auto& [status, code, kind, retry] : std::vector<Case>{
           {400, "ExpiredTokenException", ErrorCode::Unauthorized, AwsRetry::OtherKeys},
           {403, "UnrecognizedClientException", ErrorCode::Unauthorized, AwsRetry::OtherKeys},
           {400, "AccessDeniedException", ErrorCode::Unauthorized, AwsRetry::No},
           {403, "", ErrorCode::Unauthorized, AwsRetry::No},
           {400, "ThrottlingException", ErrorCode::RateLimited, AwsRetry::Throttled},
           {429, "", ErrorCode::RateLimited, AwsRetry::Throttled},
           {503, "", ErrorCode::Unavailable, AwsRetry::Transient},
           {501, "", ErrorCode::Unavailable, AwsRetry::No},
           {400, "RequestTimeout", ErrorCode::Unavailable, AwsRetry::Transient},
           {400, "ScanNotFoundException", ErrorCode::UnexpectedAnswer, AwsRetry::No},
           {404, "", ErrorCode::UnexpectedAnswer, AwsRetry::No},
           {302, "", ErrorCode::UnexpectedAnswer, AwsRetry::No},
       }) {
    EXPECT_EQ(error_of_answer("x", {status, {}, ""}, {code, ""}, {}).code, kind) << status << code;
    EXPECT_EQ(retry_of(status, code), retry) << status << code;
  }
}

TEST(ServiceError, NeverQuotesASecretOrTheSignature) {
  const std::string secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
  const auto said = [&](const std::string& code, const std::string& message) {
    return error_of_answer("ECR X", {403, {}, ""}, {code, message}, {secret, "short"}).message;
  };
  EXPECT_THAT(said("AccessDenied", "User x may not"), HasSubstr("User x may not"));
  for (const auto& message :
       {secret, "is " + secret + "?", "part " + secret.substr(5, 12), std::string("a short one")})
    EXPECT_THAT(said("AccessDenied", message), Not(HasSubstr("\""))) << message;
  EXPECT_THAT(said("SignatureDoesNotMatch", "the canonical string was"), Not(HasSubstr("canonical")));
  EXPECT_THAT(said(secret.substr(0, 20), "m"), Not(HasSubstr(secret.substr(0, 20))));
  EXPECT_LT(said("A", std::string(5000, 'm')).size(), 300U);
}

std::string login(const std::string& pair, const std::string& expires = "1764417600.5") {
  return R"({"authorizationData":[{"authorizationToken":")" + encode_base64(pair) + R"(","expiresAt":)" +
         expires + R"(,"proxyEndpoint":"https://x"}]})";
}

TEST(ServiceError, HidesASecretThatBeginsInWhatIsShown) {
  const std::string secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
  const auto said = [&](std::size_t before) {
    const auto message = std::string(before, 'x') + secret + std::string(4 * 1024 * 1024, 'x');
    return error_of_answer("ECR X", {403, {}, ""}, {"", message}, {secret}).message;
  };
  EXPECT_THAT(said(limits::kRefusalWords - 1), Not(HasSubstr("x")));
  EXPECT_THAT(said(limits::kRefusalWords), Not(HasSubstr("x")));
  EXPECT_THAT(said(limits::kRefusalWords + 1), AllOf(HasSubstr("xxx"), Not(HasSubstr("wJ"))));
}

TEST(EcrLogin, IsReadAsUserAndPassword) {
  const auto read = *read_ecr_login(login("AWS:pass:word"));
  EXPECT_EQ(read.credentials->username, "AWS");
  EXPECT_EQ(read.credentials->password.reveal(), "pass:word");
  EXPECT_EQ(read.expires, Time(std::chrono::milliseconds(1764417600500)));
}

TEST(EcrLogin, IsRefusedWithoutAQuote) {
  for (const auto& text :
       {std::string(), std::string("{}"), std::string(R"({"authorizationData":[]})"), login("no colon"),
        login(":p"), login("AWS:"), login("AWS:s3cret\r\nX: y"), login("AWS:s3cret", "\"soon\""),
        login("AWS:s3cret", "-1"), login("AWS:s3cret", "1e300"), login("AWS:s3cret", "null"),
        std::string(R"({"authorizationData":[{"authorizationToken":"!!","expiresAt":1}]})"),
        std::string(R"({"authorizationData":[{"expiresAt":1}]})"),
        std::string(R"({"authorizationData":{}})")}) {
    const auto read = read_ecr_login(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::UnexpectedAnswer);
    EXPECT_THAT(read.error().message, Not(HasSubstr("s3cret")));
    EXPECT_THAT(read.error().message, Not(HasSubstr(encode_base64("AWS:s3cret").substr(0, 8))));
  }
}

TEST(EcrRegistry, IsThatOfItsCanonicalHost) {
  for (const char* host :
       {"111122223333.dkr.ecr.eu-west-1.amazonaws.com", "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com",
        "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu"}) {
    ASSERT_TRUE(ecr_registry_of(host)) << host;
    EXPECT_EQ(ecr_registry_of(host)->account, "111122223333");
  }
  for (const char* other :
       {"111122223333.dkr-ecr.eu-west-1.on.aws", "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
        "111122223333.DKR.ECR.EU-WEST-1.amazonaws.com:443"})
    EXPECT_EQ(ecr_registry_of(canonical_registry(other))->region, "eu-west-1") << other;
  EXPECT_EQ(ecr_registry_of(canonical_registry("111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn"))
                ->region,
            "cn-north-1");
}

TEST(EcrRegistry, IsNoOtherHost) {
  for (const char* host :
       {"", "docker.io", "public.ecr.aws", "111122223333.dkr.ecr.s3.amazonaws.com",
        "111122223333.dkr.ecr.s3-us-west-2.amazonaws.com",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com:8443", "111122223333.dkr.ecr.cn-north-1.amazonaws.com",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com.cn", "11112222333.dkr.ecr.eu-west-1.amazonaws.com",
        "1111222233334.dkr.ecr.eu-west-1.amazonaws.com", "x11122223333.dkr.ecr.eu-west-1.amazonaws.com",
        "evil.111122223333.dkr.ecr.eu-west-1.amazonaws.com",
        "111122223333.dkr.ecr.eu-west-1.evil.amazonaws.com", "111122223333.dkr.ecr.eu-west-1",
        "111122223333.dkr.ecr..amazonaws.com"})
    EXPECT_FALSE(ecr_registry_of(host)) << host;
}

std::string described(const std::string& more, const std::string& account = "111122223333") {
  return R"({"repositories":[{"registryId":")" + account + R"(","repositoryName":"app",)" + more + "}]}";
}
std::string filters(std::size_t count, const std::string& filter = "x",
                    const std::string& type = "WILDCARD") {
  std::string list;
  for (std::size_t i = 0; i < count; ++i)
    list += (i ? "," : "") + (R"({"filterType":")" + type + R"(","filter":")" + filter + "\"}");
  return R"("imageTagMutabilityExclusionFilters":[)" + list + "]";
}

TEST(EcrRepository, HasItsTagMutability) {
  const EcrRegistry registry{"111122223333", "eu-west-1"};
  const auto read = [&](const std::string& text) { return read_tag_mutability(text, registry, "app"); };
  EXPECT_EQ(read(described(R"("imageTagMutability":"MUTABLE")"))->setting, TagMutability::Setting::Mutable);
  const auto excluding =
      *read(described(R"("imageTagMutability":"IMMUTABLE_WITH_EXCLUSION",)" + filters(2, "dev-*")));
  EXPECT_EQ(excluding.setting, TagMutability::Setting::Immutable);
  EXPECT_EQ(excluding.except, (std::vector<std::string>{"dev-*", "dev-*"}));
  const std::string excludes = R"("imageTagMutability":"MUTABLE_WITH_EXCLUSION",)";
  EXPECT_TRUE(read(described(excludes + filters(limits::kTagFilters, std::string(limits::kTag, 'a')))).ok());
  for (const auto& wrong :
       {std::string(), std::string("{}"), std::string(R"({"repositories":[]})"),
        std::string(R"({"repositories":[{},{}]})"),
        described(R"("imageTagMutability":"IMMUTABLE")", "999922223333"),
        described(R"("imageTagMutability":"LATER")"), described(R"("x":1)"),
        described(R"("imageTagMutability":["IMMUTABLE"])"),
        described(R"("imageTagMutability":"IMMUTABLE",)" + filters(1)),
        described(R"("imageTagMutability":"IMMUTABLE_WITH_EXCLUSION")"),
        described(excludes + filters(1, "x", "REGEX")), described(excludes + filters(1, "")),
        described(excludes + filters(limits::kTagFilters + 1)),
        described(excludes + filters(1, std::string(limits::kTag + 1, 'a')))})
    EXPECT_EQ(read(wrong).error().code, ErrorCode::UnexpectedAnswer) << wrong;
  EXPECT_FALSE(read_tag_mutability(described(R"("imageTagMutability":"IMMUTABLE")"), registry, "other").ok());
}

}  // namespace
}  // namespace tegata::verifier
