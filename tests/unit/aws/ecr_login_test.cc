// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/ecr_login.h"

#include "policy/model/limits.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/aws/aws_client_fixture.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

using ::testing::HasSubstr;

const Repository kApp{"111122223333.dkr.ecr.eu-west-1.amazonaws.com", "app"};
using Found = Result<std::shared_ptr<const Credentials>>;

class EcrCredentialsTest : public AwsClientTest {
 protected:
  EcrCredentials& source(const std::string& docker = "{}") {
    if (source_ == nullptr) {
      docker_ = std::make_shared<DockerCredentials>(*DockerConfig::parse(docker));
      client();
      shared_ = std::shared_ptr<AwsClient>(std::move(client_));
      source_ = std::make_shared<EcrCredentials>(docker_, shared_);
    }
    return *source_;
  }
  Found find(const Repository& repository = kApp) {
    std::promise<Found> promise;
    source().find(repository, [&](Found found) { promise.set_value(std::move(found)); });
    return promise.get_future().get();
  }
  std::string password(const Repository& repository = kApp) {
    const auto found = find(repository);
    if (!found.ok()) return std::string(name_of(found.error().code));
    return *found == nullptr ? "none" : std::string((*found)->password.reveal());
  }
  Reply login(const std::string& secret, std::chrono::milliseconds lifetime = 12h) const {
    const auto expires = std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>((now_.load() + lifetime).time_since_epoch())
            .count());
    return {200,
            {},
            R"({"authorizationData":[{"authorizationToken":")" + encode_base64("AWS:" + secret) +
                R"(","expiresAt":)" + expires + "}]}"};
  }

  std::shared_ptr<DockerCredentials> docker_;
  std::shared_ptr<AwsClient> shared_;
  std::shared_ptr<EcrCredentials> source_;
};

TEST_F(EcrCredentialsTest, AreAskedForOnceForAllWhoWaitAndAllRegistriesOfTheRegion) {
  aws_.on("/", login("one"));
  std::promise<void> all;
  std::atomic<int> left = 1000;
  for (int i = 0; i < 1000; ++i)
    source().find({i % 2 ? kApp.registry : "999988887777.dkr.ecr.eu-west-1.amazonaws.com", "app"},
                  [&](Found found) {
                    EXPECT_EQ((*found)->password.reveal(), "one");
                    if (--left == 0) all.set_value();
                  });
  all.get_future().wait();
  EXPECT_EQ(aws_.total(), 1U);
  EXPECT_EQ(aws_.requests().at(0).header("x-amz-target"),
            "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
}

TEST_F(EcrCredentialsTest, AreAskedForInTheRegistrysRegion) {
  aws_.on("/", login("one"));
  EXPECT_EQ(password(), "one");
  EXPECT_EQ(password({"111122223333.dkr.ecr.us-east-2.amazonaws.com", "app"}), "one");
  ASSERT_EQ(aws_.total(), 2U);
  EXPECT_THAT(aws_.requests().at(1).header("authorization"), HasSubstr("/us-east-2/ecr/"));
}

TEST_F(EcrCredentialsTest, AreRenewedAfterHalfTheirLifetimeAndUsedUntilTheirEnd) {
  aws_.on("/", {login("one"), Reply{400, {}, R"({"__type":"ServerException"})"}});
  EXPECT_EQ(password(), "one");
  now_ = now_.load() + 6h - 1s;
  EXPECT_EQ(password(), "one");
  EXPECT_EQ(aws_.total(), 1U);
  now_ = now_.load() + 5h;  // awaited from nine tenths on, and it fails
  EXPECT_EQ(password(), "one");
  EXPECT_EQ(aws_.total(), 2U);
  now_ = now_.load() + 1h + 1s;
  EXPECT_EQ(password(), "UnexpectedAnswer");
  now_ = now_.load() + limits::kAwsFailureKept;
  aws_.on("/", login("two"));
  EXPECT_EQ(password(), "two");
}

TEST_F(EcrCredentialsTest, LastNoLongerThanTwelveHoursWhateverTheAnswerSays) {
  aws_.on("/", {login("one", 9000h), login("two", 9000h)});
  EXPECT_EQ(password(), "one");
  now_ = now_.load() + limits::kAwsLoginLifetime;
  EXPECT_EQ(password(), "two");
}

TEST_F(EcrCredentialsTest, LeaveOtherRegistriesAndThoseOfDockersConfigAlone) {
  source(R"({"auths":{"111122223333.dkr-ecr.eu-west-1.on.aws":{"username":"u","password":"docker"},)"
         R"("ghcr.io":{"username":"u","password":"ghcr"}},)"
         R"("credHelpers":{"222233334444.dkr.ecr.eu-west-1.amazonaws.com":"ecr-login"}})");
  EXPECT_EQ(password(), "docker") << "any name of the registry counts";
  EXPECT_EQ(password({"ghcr.io", "x"}), "ghcr");
  EXPECT_EQ(password({"public.ecr.aws", "x"}), "none");
  EXPECT_EQ(password({"222233334444.dkr.ecr.eu-west-1.amazonaws.com", "x"}), "none")
      << "a helper, which is not run";
  EXPECT_EQ(password({"111122223333.dkr.ecr.s3.amazonaws.com", "x"}), "none");
  EXPECT_EQ(aws_.total(), 0U);
  docker_->replace({});
  aws_.on("/", login("aws"));
  EXPECT_EQ(password(), "aws") << "the config was replaced";
}

TEST_F(EcrCredentialsTest, OfAnAccountWithARoleAreAskedForWithThatRole) {
  roles_ = {{"444455556666", {"arn:aws:iam::444455556666:role/tegata", "ext"}}};
  aws_.on_ask("/", [this](const ServedRequest& request) {
    if (request.body.find("AssumeRole") != std::string::npos)
      return Reply{200, {}, sts_answer("AssumeRole", "ROLE", 1h)};
    return login(request.header("authorization").find("ROLE/") != std::string::npos ? "by-role" : "own");
  });
  EXPECT_EQ(password({"444455556666.dkr.ecr.eu-west-1.amazonaws.com", "app"}), "by-role");
  EXPECT_EQ(password(), "own");
}

TEST_F(EcrCredentialsTest, AreKeptUpToALimitOfRegions) {
  aws_.on("/", login("one"));
  const auto region = [](std::size_t i) {
    std::string name = "ap-";
    for (std::size_t digit = 0; digit < 3; ++digit, i /= 26) name += static_cast<char>('a' + i % 26);
    return Repository{"111122223333.dkr.ecr." + name + "-1.amazonaws.com", "app"};
  };
  for (std::size_t i = 0; i < limits::kAwsSessions; ++i) EXPECT_EQ(password(region(i)), "one");
  for (std::size_t i = 0; i < limits::kAwsSessions; ++i) EXPECT_EQ(password(region(i)), "one");
  EXPECT_EQ(aws_.total(), limits::kAwsSessions) << "all are kept";
  EXPECT_EQ(password(region(limits::kAwsSessions)), "one");
  for (std::size_t i = 0; i < limits::kAwsSessions; ++i) EXPECT_EQ(password(region(i)), "one");
  EXPECT_GT(aws_.total(), limits::kAwsSessions + 1) << "one of them made room";
}

TEST_F(EcrCredentialsTest, AreNotDisplacedByRegionsThatDoNotExist) {
  aws_.on("/", {login("one"), Reply{400, {}, R"({"__type":"AccessDeniedException"})"}});
  EXPECT_EQ(password(), "one");
  for (std::size_t i = 0; i < limits::kAwsSessions + 10; ++i)
    EXPECT_EQ(password({"111122223333.dkr.ecr.zz-" +
                            std::string(i / 26 + 1, static_cast<char>('a' + i % 26)) + "-1.amazonaws.com",
                        "app"}),
              "Unauthorized");
  EXPECT_EQ(password(), "one");
}

TEST(EcrLoginError, IsNeverOneAboutTheImage) {
  for (const auto& [code, as] :
       std::vector<std::pair<ErrorCode, ErrorCode>>{{ErrorCode::NotFound, ErrorCode::UnexpectedAnswer},
                                                    {ErrorCode::Malformed, ErrorCode::UnexpectedAnswer},
                                                    {ErrorCode::LimitExceeded, ErrorCode::UnexpectedAnswer},
                                                    {ErrorCode::Misconfigured, ErrorCode::Unauthorized},
                                                    {ErrorCode::RateLimited, ErrorCode::RateLimited},
                                                    {ErrorCode::CutShort, ErrorCode::CutShort}})
    EXPECT_EQ(error_of_login({code, "m"}), (Error{as, "m"})) << name_of(code);
}

TEST_F(EcrCredentialsTest, WithoutCredentialsOfAwsThereIsAReason) {
  without_keys();
  variables_["AWS_EC2_METADATA_DISABLED"] = "true";
  const auto found = find();
  EXPECT_EQ(found.error().code, ErrorCode::Unauthorized);
  EXPECT_THAT(found.error().message, HasSubstr("there are no AWS credentials"));
}

TEST_F(EcrCredentialsTest, MayArriveAfterTheirRegistryIsGone) {
  std::promise<void> go_on;
  aws_.on_ask("/", [this, gate = go_on.get_future().share()](const ServedRequest&) {
    gate.wait();
    return login("late");
  });
  FakeRegistry registry;
  registry.on("/v2/app/manifests/v1", Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  /// The login of an ECR registry for one on loopback.
  struct Renamed final : CredentialSource {
    explicit Renamed(EcrCredentials& of) : ecr(of) {}
    void find(const Repository&, Done done) override { ecr.find(kApp, std::move(done)); }
    EcrCredentials& ecr;
  };
  RegistrySettings settings;
  settings.insecure_plain_http = {registry.host()};
  settings.credentials = std::make_shared<Renamed>(source());
  auto registries = *RegistrySource::open(settings);
  std::promise<ContentAnswer> answer;
  registries->fetch(
      {TagRequest{{registry.host(), "app"}, "v1"}}, Deadline::after(60s),
      [&](std::vector<ContentAnswer> answers) { answer.set_value(std::move(answers.front())); });
  while (aws_.total() == 0) std::this_thread::sleep_for(1ms);
  registries.reset();
  EXPECT_EQ(answer.get_future().get().error().code, ErrorCode::DeadlineExceeded);
  go_on.set_value();
  EXPECT_EQ(password(), "late");
}

}  // namespace
}  // namespace tegata::verifier
