// SPDX-License-Identifier: Apache-2.0
// Each place of credentials, asked over HTTP.
#include "policy/model/limits.h"
#include "tests/unit/aws/aws_client_fixture.h"
#include "verifier/aws/credential_place.h"
#include "verifier/oci/registry_source.h"

namespace tegata::verifier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kRole = "arn:aws:iam::444455556666:role/tegata";
const Reply kFound{200, {}, "{}"};

class CredentialFetchTest : public AwsClientTest {
 protected:
  CredentialFetchTest() { without_keys(); }
  void use_container() {
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://" + machine_.host() + "/v1/credentials";
  }
  void use_metadata() {
    variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://" + machine_.host();
    machine_.on("/latest/api/token", Reply{200, {}, "m3tadata-token"});
    machine_.on(kPath, Reply{200, {}, "node-role"});
    machine_.on(kPath + "node-role", Reply{200, {}, endpoint_answer("NODE", 6h)});
  }
  bool works() { return std::holds_alternative<std::string>(call()); }
  const std::string kPath = "/latest/meta-data/iam/security-credentials/";
};

TEST_F(CredentialFetchTest, TheContainersTokenIsReadForEachRequest) {
  use_container();
  folder_.write("token", "pod-token-1");
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder_.file("token");
  machine_.on("/v1/credentials",
              {Reply{200, {}, endpoint_answer("POD1", 1h)}, Reply{200, {}, endpoint_answer("POD2", 9h)}});
  aws_.on("/", kFound);
  EXPECT_TRUE(works());
  folder_.write("token", "pod-token-2");
  now_ = now_.load() + 51min;
  EXPECT_TRUE(works());
  EXPECT_EQ(machine_.requests().at(0).header("authorization"), "pod-token-1");
  EXPECT_EQ(machine_.requests().at(1).header("authorization"), "pod-token-2");
  EXPECT_THAT(signers(), ElementsAre("POD1", "POD2"));
}

TEST_F(CredentialFetchTest, ATokenWithALineBreakIsNeverSent) {
  use_container();
  folder_.write("token", "pod-s3cret\r\nX-Evil: 1");
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder_.file("token");
  EXPECT_EQ(failure().error.code, ErrorCode::Misconfigured);
  EXPECT_EQ(machine_.total(), 0U);
}

TEST_F(CredentialFetchTest, TheContainersEndpointIsAskedAgainAfterAFailure) {
  use_container();
  machine_.on("/v1/credentials",
              {Reply{500, {}, ""}, Reply{429, {}, ""}, Reply{200, {}, endpoint_answer("POD", 1h)}});
  aws_.on("/", kFound);
  EXPECT_TRUE(works());
  EXPECT_EQ(machine_.total(), 3U);
}

TEST_F(CredentialFetchTest, AHostileEndpointGivesAnErrorAndNoSecretGoesElsewhere) {
  use_container();
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "pod-s3cret-token";
  for (const auto& reply :
       {Reply{302, {{"Location", "http://" + aws_.host() + "/"}}, ""}, Reply{200, {}, "pod-s3cret-token"},
        Reply{200, {}, std::string(limits::kAwsCredentialAnswer + 1, ' ')},
        Reply{403, {}, R"({"message":"pod-s3cret-token"})"}, Reply{200, {}, endpoint_answer("POD", -1h)},
        Reply{404, {}, ""}, Reply{200, {}, "{", testing::Ending::CutShort}}) {
    machine_.on("/v1/credentials", reply);
    failure();
    now_ = now_.load() + limits::kAwsFailureKept;
  }
  EXPECT_EQ(aws_.total(), 0U);
}

TEST_F(CredentialFetchTest, AnAnswerOfTheLimitIsRead) {
  use_container();
  auto body = endpoint_answer("POD", 1h);
  body.append(limits::kAwsCredentialAnswer - body.size(), ' ');
  machine_.on("/v1/credentials", Reply{200, {}, body});
  aws_.on("/", kFound);
  EXPECT_TRUE(works());
}

TEST_F(CredentialFetchTest, TheMetadataServiceIsAskedWithASessionToken) {
  use_metadata();
  aws_.on("/", kFound);
  EXPECT_TRUE(works());
  const auto asked = machine_.requests();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[0].method, "PUT");
  EXPECT_EQ(asked[0].header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(asked[0].header("content-length"), "0");
  EXPECT_EQ(asked[1].method, "GET");
  for (const auto& request : {asked[1], asked[2]})
    EXPECT_EQ(request.header("x-aws-ec2-metadata-token"), "m3tadata-token");
  EXPECT_THAT(signers(), ElementsAre("NODE"));
}

TEST_F(CredentialFetchTest, WithoutASessionTokenTheMetadataServiceIsNotAsked) {
  use_metadata();
  machine_.on("/latest/api/token", Reply{403, {}, ""});
  EXPECT_THAT(failure().error.message,
              AllOf(HasSubstr("no AWS credentials are configured"), HasSubstr("403")));
  EXPECT_EQ(machine_.total(), 1U) << "never version 1";
}

TEST_F(CredentialFetchTest, AForgedMetadataServiceLeadsToNoOtherPath) {
  use_metadata();
  for (const auto& [token, role] : std::vector<std::pair<std::string, std::string>>{{"tok en", "node-role"},
                                                                                    {"", "node-role"},
                                                                                    {"t", "../../user-data"},
                                                                                    {"t", ".."},
                                                                                    {"t", "a?b"},
                                                                                    {"t", ""}}) {
    machine_.on("/latest/api/token", Reply{200, {}, token});
    machine_.on(kPath, Reply{200, {}, role});
    EXPECT_EQ(failure().error.code, ErrorCode::UnexpectedAnswer) << token << role;
    now_ = now_.load() + limits::kAwsFailureKept;
  }
  EXPECT_EQ(machine_.count(kPath + "node-role"), 0U);
}

TEST_F(CredentialFetchTest, WebIdentityIsExchangedUnsignedAndItsFileReadForEachRequest) {
  folder_.write("jwt", "eyJ.s3cret.one");
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.file("jwt");
  variables_["AWS_ROLE_ARN"] = kRole;
  const auto answers = [this](const ServedRequest& request) {
    const bool exchange = request.body.find("Action=AssumeRoleWithWebIdentity") != std::string::npos;
    return exchange ? Reply{200, {}, sts_answer("AssumeRoleWithWebIdentity", "IRSA", 1h)} : kFound;
  };
  aws_.on_ask("/", answers);
  EXPECT_TRUE(works());
  folder_.write("jwt", "eyJ.s3cret.two");
  now_ = now_.load() + 55min;
  EXPECT_TRUE(works());
  EXPECT_THAT(signers(), ElementsAre("", "IRSA", "", "IRSA"));
  const auto body = aws_.requests().at(0).body;
  EXPECT_THAT(body, AllOf(HasSubstr("WebIdentityToken=eyJ.s3cret.one"), HasSubstr("RoleArn=arn%3Aaws%3Aiam"),
                          HasSubstr("Version=2011-06-15")));
  EXPECT_THAT(aws_.requests().at(2).body, HasSubstr("eyJ.s3cret.two"));
}

TEST_F(CredentialFetchTest, AWebIdentityThatStsRefusesIsNotQuoted) {
  folder_.write("jwt", "eyJ.s3cret.one-long-token");
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.file("jwt");
  variables_["AWS_ROLE_ARN"] = kRole;
  aws_.on(
      "/",
      Reply{400,
            {},
            "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>eyJ.s3cret.one-long-token is "
            "wrong</Message></Error></ErrorResponse>"});
  const auto failed = failure();
  EXPECT_EQ(failed.error.code, ErrorCode::Unauthorized);
  EXPECT_THAT(failed.error.message, HasSubstr("InvalidIdentityToken (400)"));
}

TEST_F(CredentialFetchTest, EachAccountIsReadWithItsRoleAndExternalId) {
  variables_["AWS_ACCESS_KEY_ID"] = "OWN", variables_["AWS_SECRET_ACCESS_KEY"] = kSecretKey;
  roles_ = {{"444455556666", {kRole, "ext-id"}}, {"777788889999", {"arn:aws:iam::777788889999:role/other"}}};
  aws_.on_ask("/", [this](const ServedRequest& request) {
    if (request.body.find("Action=AssumeRole&") == std::string::npos) return kFound;
    const bool first = request.body.find("444455556666") != std::string::npos;
    return Reply{200, {}, sts_answer("AssumeRole", first ? "ROLE4" : "ROLE7", 1h)};
  });
  for (const char* account : {"444455556666", "777788889999", "111122223333", "444455556666"})
    EXPECT_TRUE(
        std::holds_alternative<std::string>(call({AwsService::Ecr, "DescribeImages", "{}", "", account})));
  EXPECT_THAT(signers(), ElementsAre("OWN", "ROLE4", "OWN", "ROLE7", "OWN", "ROLE4"));
  EXPECT_THAT(aws_.requests().at(0).body, HasSubstr("ExternalId=ext-id"));
  EXPECT_THAT(aws_.requests().at(2).body, Not(HasSubstr("ExternalId")));
  EXPECT_THAT(aws_.requests().at(0).header("authorization"), HasSubstr("/eu-west-1/sts/"));
}

TEST_F(CredentialFetchTest, ARoleOfAProfileIsTakenWithTheCredentialsOfItsSource) {
  folder_.write("config",
                std::string("[profile p]\nrole_arn=") + kRole + "\ncredential_source=EcsContainer\n");
  variables_["AWS_CONFIG_FILE"] = folder_.file("config");
  variables_["AWS_PROFILE"] = "p";
  use_container();
  machine_.on("/v1/credentials", Reply{200, {}, endpoint_answer("TASK", 1h)});
  aws_.on_ask("/", [this](const ServedRequest& request) {
    const bool assume = request.body.find("Action=AssumeRole&") != std::string::npos;
    return assume ? Reply{200, {}, sts_answer("AssumeRole", "PROFILE", 1h)} : kFound;
  });
  EXPECT_TRUE(works());
  EXPECT_THAT(signers(), ElementsAre("TASK", "PROFILE"));
}

TEST_F(CredentialFetchTest, ServicesOfThisMachineAreReachedByNoOtherClient) {
  // The client for them refuses every other host, and the registry's client refuses theirs.
  HttpSettings only;
  only.only_hosts = {machine_.host()};
  HttpTransport own(only);
  RegistrySettings registries;
  HttpTransport registry(registries.http);
  const auto code = [](HttpTransport& transport, const std::string& url) {
    std::promise<HttpOutcome> promise;
    transport.send({*Url::parse(url), {}, Secret(), 100}, Deadline::after(20s),
                   [&](HttpOutcome outcome) { promise.set_value(std::move(outcome)); });
    const auto outcome = promise.get_future().get();
    const auto* failed = std::get_if<HttpFailure>(&outcome);
    return failed == nullptr ? "answered" : std::string(name_of(failed->error.code));
  };
  EXPECT_EQ(code(own, "http://" + machine_.host() + "/"), "answered");
  EXPECT_EQ(code(own, "http://" + aws_.host() + "/"), "AddressRefused");
  EXPECT_EQ(code(own, "http://sts.example/"), "AddressRefused");
  EXPECT_EQ(aws_.total(), 0U);
  for (const char* fixed : {"http://169.254.170.2/", "http://169.254.170.23/", "http://169.254.169.254/",
                            "http://[fd00:ec2::23]/", "http://[fd00:ec2::254]/"})
    EXPECT_EQ(code(registry, fixed), "AddressRefused") << fixed;
  EXPECT_EQ(code(registry, "http://" + machine_.host() + "/"), "AddressRefused");
}

TEST_F(CredentialFetchTest, TheClientForThisMachineTakesNoOrdinaryHost) {
  HttpSettings only;
  only.only_hosts = {"sts.example:80", "10.1.2.3:80"};  // a mistake in the code that sets them
  HttpTransport own(only);
  for (const char* url : {"http://sts.example/", "http://10.1.2.3/"}) {
    std::promise<ErrorCode> code;
    own.send({*Url::parse(url), {}, Secret(), 100}, Deadline::after(20s),
             [&](HttpOutcome outcome) { code.set_value(std::get<HttpFailure>(outcome).error.code); });
    EXPECT_EQ(code.get_future().get(), ErrorCode::AddressRefused) << url;
  }
}

}  // namespace
}  // namespace tegata::verifier
