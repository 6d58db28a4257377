// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_client.h"

#include "policy/model/limits.h"
#include "tests/unit/aws/aws_client_fixture.h"
#include "verifier/aws/retry_quota.h"

namespace tegata::verifier {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const Reply kAnswer{200, {{"Content-Type", "application/x-amz-json-1.1"}}, R"({"ok":true})"};
Reply refusal(int status, const std::string& code, const std::string& message = "m") {
  return {status, {}, R"({"__type":"ns#)" + code + R"(","message":")" + message + "\"}"};
}

TEST_F(AwsClientTest, SignsAJsonCall) {
  aws_.on("/", kAnswer);
  EXPECT_EQ(std::get<std::string>(call({AwsService::Ecr, "DescribeImages", R"({"repositoryName":"app"})"})),
            R"({"ok":true})");
  const auto request = aws_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.header("x-amz-target"), "AmazonEC2ContainerRegistry_V20150921.DescribeImages");
  EXPECT_EQ(request.header("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(request.header("x-amz-security-token"), kSessionToken);
  EXPECT_EQ(request.body, R"({"repositoryName":"app"})");
  EXPECT_EQ(request.headers.count("expect"), 0U);
  const auto signature = request.header("authorization");
  EXPECT_THAT(signature, StartsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
  EXPECT_THAT(signature, HasSubstr("/eu-west-1/ecr/aws4_request"));
  for (const char* header : {"host", "x-amz-date", "x-amz-security-token", "x-amz-target", "content-type"})
    EXPECT_THAT(signature.substr(signature.find("SignedHeaders")), HasSubstr(header));
}

TEST_F(AwsClientTest, PostsToThePathOfARestCall) {
  aws_.on("/findings/list", kAnswer);
  EXPECT_TRUE(std::holds_alternative<std::string>(
      call({AwsService::Inspector2, "/findings/list", "{}", "us-east-1"})));
  EXPECT_THAT(aws_.requests().at(0).header("authorization"), HasSubstr("/us-east-1/inspector2/"));
  EXPECT_EQ(aws_.requests().at(0).header("content-type"), "application/json");
}

TEST_F(AwsClientTest, AnOperationThatWouldBeSignedWronglyIsABug) {
  for (const char* path : {"findings/list", "/a?b", "/a:b", "/a%2f", ""})
    EXPECT_THROW(call({AwsService::Inspector2, path, "{}"}), std::logic_error) << path;
  EXPECT_THROW(call({AwsService::Ecr, "Describe Images", "{}"}), std::logic_error);
}

TEST_F(AwsClientTest, RepeatsWhatMayPassAndNothingElse) {
  aws_.on("/", {refusal(500, "InternalFailure"), refusal(400, "ThrottlingException"), kAnswer});
  EXPECT_TRUE(std::holds_alternative<std::string>(call()));
  EXPECT_EQ(aws_.total(), 3U);
  aws_.on("/", {refusal(400, "RepositoryNotFoundException"), kAnswer});
  const auto failed = failure();
  EXPECT_EQ(failed.code, "RepositoryNotFoundException");
  EXPECT_EQ(failed.error.code, ErrorCode::UnexpectedAnswer);
  EXPECT_THAT(failed.error.message,
              HasSubstr("ECR DescribeImages fails: RepositoryNotFoundException (400): \"m\""));
  EXPECT_EQ(aws_.total(), 4U);
}

TEST_F(AwsClientTest, GivesUpAfterItsAttempts) {
  aws_.on("/", refusal(400, "TooManyRequestsException"));
  const auto failed = failure();
  EXPECT_EQ(failed.error.code, ErrorCode::OwnRate) << "of Tegata's own account: never softened";
  EXPECT_EQ(failed.code, "TooManyRequestsException");
  EXPECT_EQ(aws_.total(), static_cast<std::size_t>(limits::kAwsAttempts));
}

TEST_F(AwsClientTest, AThrottlingStormUsesUpTheQuotaOfRetries) {
  aws_.on("/", refusal(503, "ServiceUnavailable"));
  constexpr int kCalls = 60;
  for (int i = 0; i < kCalls; ++i) EXPECT_EQ(failure().error.code, ErrorCode::Unavailable);
  EXPECT_EQ(aws_.total(), kCalls + limits::kAwsRetryQuota / RetryQuota::kRetry);
}

TEST_F(AwsClientTest, DoesNotWaitLongerThanItsDeadlineForARetry) {
  auto busy = refusal(503, "ServiceUnavailable");
  busy.headers = {{"X-Amz-Retry-After", "60000"}};
  aws_.on("/", busy);
  const auto began = Deadline::Clock::now();
  EXPECT_EQ(failure().error.code, ErrorCode::Unavailable) << "the answer is given at once";
  EXPECT_LT(Deadline::Clock::now() - began, 20s);
  EXPECT_EQ(aws_.total(), 1U);
}

TEST_F(AwsClientTest, AServiceThatHangsIsATimeout) {
  aws_.on("/", Reply{200, {}, "", testing::Ending::HangFirst});
  const auto outcome = call({AwsService::Ecr, "DescribeImages", "{}"}, Deadline::after(100ms));
  EXPECT_EQ(std::get<AwsFailure>(outcome).error.code, ErrorCode::DeadlineExceeded);
}

TEST_F(AwsClientTest, FollowsNoRedirect) {
  aws_.on("/", Reply{307, {{"Location", "http://" + machine_.host() + "/"}}, ""});
  const auto failed = failure();
  EXPECT_EQ(failed.error.code, ErrorCode::UnexpectedAnswer);
  EXPECT_THAT(failed.error.message, HasSubstr("redirect"));
  EXPECT_EQ(machine_.total(), 0U);
}

TEST_F(AwsClientTest, TakesAnswersUpToTheLimit) {
  AwsCall bounded{AwsService::Ecr, "DescribeImages", "{}"};
  bounded.max_answer = 100;
  aws_.on("/", Reply{200, {}, std::string(100, 'x')});
  EXPECT_EQ(std::get<std::string>(call(bounded)).size(), 100U);
  aws_.on("/", Reply{200, {}, std::string(101, 'x')});
  EXPECT_EQ(failure(bounded).error.code, ErrorCode::LimitExceeded);
  aws_.on("/", Reply{200, {}, std::string(64, 'x'), testing::Ending::Endless});
  EXPECT_EQ(failure(bounded).error.code, ErrorCode::LimitExceeded);
}

TEST_F(AwsClientTest, TakesBodiesUpToTheLimit) {
  aws_.on("/", kAnswer);
  EXPECT_TRUE(std::holds_alternative<std::string>(
      call({AwsService::Ecr, "DescribeImages", std::string(limits::kAwsRequest, ' ')})));
  EXPECT_EQ(aws_.requests().at(0).body.size(), limits::kAwsRequest);
  EXPECT_EQ(
      failure({AwsService::Ecr, "DescribeImages", std::string(limits::kAwsRequest + 1, ' ')}).error.code,
      ErrorCode::LimitExceeded);
}

TEST_F(AwsClientTest, NoErrorQuotesASecretThatTheServiceRepeats) {
  for (const auto& secret : {kSecretKey, kSessionToken}) {
    aws_.on("/", refusal(403, "AccessDeniedException", "you sent " + secret));
    EXPECT_EQ(failure().error.code, ErrorCode::Unauthorized);
    aws_.on("/", Reply{403, {{"X-Amzn-ErrorType", secret}}, ""});
    EXPECT_EQ(failure().code, "");
  }
}

TEST_F(AwsClientTest, TheRegionAndEndpointOfTheOperatorCount) {
  variables_["AWS_REGION"] = "s3";
  EXPECT_EQ(failure().error.code, ErrorCode::Misconfigured);
  client_.reset();
  variables_["AWS_REGION"] = "eu-west-1";
  variables_["AWS_ENDPOINT_URL"] = "http://169.254.169.254";
  EXPECT_EQ(failure().error.code, ErrorCode::Misconfigured);
  client_.reset();
  variables_["AWS_ENDPOINT_URL"] = "https://169.254.169.254";
  EXPECT_EQ(failure().error.code, ErrorCode::AddressRefused) << "the services' client never goes there";
}

TEST_F(AwsClientTest, CallsThatRunAreAnsweredBeforeItIsGone) {
  aws_.on("/", Reply{200, {}, "", testing::Ending::HangFirst});
  std::atomic<int> cut = 0;
  for (int i = 0; i < 50; ++i)
    client().call({AwsService::Ecr, "DescribeImages", "{}"}, Deadline::after(30s), [&](AwsOutcome outcome) {
      cut += std::get<AwsFailure>(outcome).error.code == ErrorCode::CutShort ? 1 : 0;
    });
  client_.reset();
  EXPECT_EQ(cut, 50);
}

TEST_F(AwsClientTest, AClosedClientAnswersAtOnce) {
  aws_.on("/", kAnswer);
  EXPECT_TRUE(std::holds_alternative<std::string>(call()));
  client().close();
  EXPECT_EQ(failure().error.code, ErrorCode::CutShort);
  EXPECT_EQ(aws_.total(), 1U);
  client_.reset();
  client().close();
  EXPECT_EQ(failure().error.code, ErrorCode::CutShort) << "it was never opened";
  EXPECT_EQ(aws_.total(), 1U);
}

TEST_F(AwsClientTest, FailuresUnderItsOwnLoadAreItsOwnFault) {
  aws_.on("/", refusal(503, ""));
  EXPECT_EQ(failure().error.code, ErrorCode::Unavailable);
  aws_.on("/", kAnswer);
  for (std::size_t i = 0; i < limits::kOwnRateRequests; ++i) call();
  aws_.on("/", refusal(503, ""));
  EXPECT_EQ(failure().error.code, ErrorCode::OwnRate);
  aws_.on("/", refusal(400, "AccessDeniedException"));
  EXPECT_EQ(failure().error.code, ErrorCode::Unauthorized) << "no load brings that about";
}

TEST_F(AwsClientTest, SendsNothingOverPlainHttpThroughAProxy) {
  for (const char* name : {"ALL_PROXY", "http_proxy"})
    ::setenv(name, ("http://" + machine_.host()).c_str(), 1);
  aws_.on("/", kAnswer);
  EXPECT_TRUE(std::holds_alternative<std::string>(call()));
  for (const char* name : {"ALL_PROXY", "http_proxy"}) ::unsetenv(name);
  EXPECT_EQ(aws_.total(), 1U);
  EXPECT_EQ(machine_.total(), 0U);
}

TEST_F(AwsClientTest, OneThousandCallsFindTheirCredentialsOnce) {
  without_keys();
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://" + machine_.host() + "/v1/credentials";
  machine_.on("/v1/credentials", Reply{200, {}, endpoint_answer("FIRST", 1h)});
  aws_.on("/", kAnswer);
  std::promise<void> all;
  std::atomic<int> left = 1000;
  for (int i = 0; i < 1000; ++i)
    client().call({AwsService::Ecr, "DescribeImages", "{}"}, Deadline::after(60s), [&](AwsOutcome outcome) {
      EXPECT_TRUE(std::holds_alternative<std::string>(outcome));
      if (--left == 0) all.set_value();
    });
  all.get_future().wait();
  EXPECT_EQ(machine_.total(), 1U);
  EXPECT_THAT(signers(), Each("FIRST"));
}

TEST_F(AwsClientTest, CredentialsThatExpireInTheMiddleOfACallAreReplacedAndTheCallRepeated) {
  without_keys();
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://" + machine_.host() + "/v1/credentials";
  machine_.on("/v1/credentials",
              {Reply{200, {}, endpoint_answer("FIRST", 1h)}, Reply{200, {}, endpoint_answer("SECOND", 3h)}});
  aws_.on("/", {kAnswer, refusal(400, "ExpiredTokenException"), kAnswer});
  EXPECT_TRUE(std::holds_alternative<std::string>(call()));
  now_ = now_.load() + 30min;
  EXPECT_TRUE(std::holds_alternative<std::string>(call()));
  EXPECT_THAT(signers(), ElementsAre("FIRST", "FIRST", "SECOND"));
}

TEST_F(AwsClientTest, ACallIsRepeatedOnceWithOtherKeysAndNotWithTheSame) {
  aws_.on("/", refusal(403, "InvalidClientTokenId"));
  EXPECT_EQ(failure().error.code, ErrorCode::Unauthorized);
  EXPECT_EQ(aws_.total(), 1U) << "there are no other keys";
}

TEST_F(AwsClientTest, KeysThatWereReplacedInTheirFileAreFound) {
  without_keys();
  const auto write = [this](const std::string& id) {
    folder_.write("credentials",
                  "[default]\naws_access_key_id=" + id + "\naws_secret_access_key=s3cret-s3cret\n");
  };
  variables_["AWS_SHARED_CREDENTIALS_FILE"] = folder_.file("credentials");
  write("FIRST");
  aws_.on("/", {kAnswer, refusal(403, "UnrecognizedClientException"), kAnswer});
  call();
  write("SECOND");
  now_ = now_.load() + 60s;
  EXPECT_TRUE(std::holds_alternative<std::string>(call()));
  EXPECT_THAT(signers(), ElementsAre("FIRST", "FIRST", "SECOND"));
}

TEST_F(AwsClientTest, AServiceOfThisMachineThatWasNotNamedAtTheStartIsNotAsked) {
  without_keys();
  folder_.write("credentials", "[default]\naws_access_key_id=FIRST\naws_secret_access_key=s3cret-s3cret\n");
  variables_["AWS_SHARED_CREDENTIALS_FILE"] = folder_.file("credentials");
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://" + machine_.host() + "/v1/credentials";
  aws_.on("/", {kAnswer, refusal(403, "InvalidClientTokenId")});
  call();
  folder_.write("credentials", "");
  now_ = now_.load() + 60s;
  const auto failed = failure();
  EXPECT_EQ(failed.error.code, ErrorCode::Misconfigured);
  EXPECT_THAT(failed.error.message, HasSubstr("restart"));
  EXPECT_EQ(machine_.total(), 0U);
}

}  // namespace
}  // namespace tegata::verifier
