// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/admission_handler.h"
#include "testdata_folder.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "policy/document/load.h"
#include "policy/model/limits.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// Knows nothing of any image, and remembers by when it was asked to answer.
class EmptyGatherer final : public verifier::Gatherer {
 public:
  GatheredFacts gather(const EvidencePlan& /*plan*/, Deadline deadline) override {
    deadline_ = deadline;
    if (throws) throw std::runtime_error("a bug with secrets");
    return {};
  }
  [[nodiscard]] std::optional<Deadline> deadline() const { return deadline_; }
  bool throws = false;

 private:
  std::optional<Deadline> deadline_;
};

constexpr const char* kUnknownWarns = R"(
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {name: p}
spec:
  onUnknown: warn
  rules:
    - name: pinned
      tag: {pattern: ".*"}
)";

std::string recorded(const std::string& name) {
  std::ifstream file(std::string(TEGATA_TESTDATA) + "/admission-reviews/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct AdmissionHandlerTest : ::testing::Test {
  AdmissionHandler handler(policy::Mode mode = policy::Mode::Enforce) {
    verifier::TrustMaterial trust;
    auto loaded = policy::load({{"policy.yaml", "/", kUnknownWarns}}, trust);
    auto policies = std::make_shared<const policy::PolicySet>(std::move(loaded.policies.value()));
    metrics = std::make_shared<Metrics>(*policies, "test", Time{});
    DecideSettings settings;
    settings.mode = mode;
    auto decider = std::make_shared<const Current<Decider>>(
        std::make_shared<const Decider>(policies, gatherer, nullptr, settings));
    return {decider, hasher, 5s, metrics};
  }
  json ask(const AdmissionHandler& asked, const std::string& body, const std::string& timeout = "10s") {
    const auto reply = asked({.path = "/validate",
                              .parameters = {{"timeout", timeout}},
                              .body = body,
                              .arrived = Deadline::Clock::now()});
    status = reply.status;
    text = reply.body;
    return json::parse(reply.body, nullptr, false);
  }

  std::shared_ptr<EmptyGatherer> gatherer = std::make_shared<EmptyGatherer>();
  kubernetes::ValueHasher hasher = [](std::string_view) { return std::string("hash"); };
  std::shared_ptr<Metrics> metrics;
  int status = 0;
  std::string text;
};

/// A tag *and* a digest, so that the rule asks the registry what the tag names.
std::string review_with_question() {
  auto review = json::parse(recorded("deploy1-create.02.validate.json"));
  auto& containers = review["request"]["object"]["spec"]["template"]["spec"]["containers"];
  containers[0]["image"] = "registry.example.com/app:1.0@sha256:" + std::string(64, 'a');
  return review.dump();
}

TEST_F(AdmissionHandlerTest, AnswersWithTheUidOfTheReview) {
  const auto body = recorded("deploy1-create.02.validate.json");
  const auto answer = ask(handler(), body);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(answer["response"]["uid"], json::parse(body)["request"]["uid"]);
  EXPECT_EQ(answer["kind"], "AdmissionReview");
}

TEST_F(AdmissionHandlerTest, GivesTheGathererTheCallersTimeLessTheMargin) {
  const auto asked = handler();
  const auto before = Deadline::Clock::now();
  ask(asked, review_with_question(), "2s");
  const auto after = Deadline::Clock::now();
  ASSERT_TRUE(gatherer->deadline());
  EXPECT_GE(gatherer->deadline()->time(), before + 2s - limits::kAnswerMargin);
  EXPECT_LE(gatherer->deadline()->time(), after + 2s - limits::kAnswerMargin);
}

TEST_F(AdmissionHandlerTest, AnswersABugWithADenialAndAllowsInDryRun) {
  gatherer->throws = true;
  const auto denied = ask(handler(), review_with_question());
  EXPECT_EQ(status, 200);
  EXPECT_EQ(denied["response"]["allowed"], false);
  EXPECT_THAT(denied["response"]["status"]["message"], ::testing::HasSubstr("InternalError"));
  const auto allowed = ask(handler(policy::Mode::DryRun), review_with_question());
  EXPECT_EQ(allowed["response"]["allowed"], true);
}

/// HTTP 400 would leave it to the failurePolicy, which may say Ignore.
TEST_F(AdmissionHandlerTest, AnswersABugInReadingWithADenialAndAllowsInDryRun) {
  auto review = json::parse(recorded("deploy1-create.02.validate.json"));
  auto& container = review["request"]["object"]["spec"]["template"]["spec"]["containers"][0];
  container["env"] = json::parse(R"([{"name": "A", "value": "b"}])");
  hasher = [](std::string_view) -> std::string { throw std::runtime_error("a bug"); };
  const auto denied = ask(handler(), review.dump());
  EXPECT_EQ(status, 200);
  EXPECT_EQ(denied["response"]["uid"], review["request"]["uid"]);
  EXPECT_EQ(denied["response"]["allowed"], false);
  EXPECT_THAT(denied["response"]["status"]["message"], ::testing::HasSubstr("InternalError"));
  EXPECT_THAT(metrics->text(), ::testing::HasSubstr("tegata_internal_errors_total 1\n"));
  const auto allowed = ask(handler(policy::Mode::DryRun), review.dump());
  EXPECT_EQ(status, 200);
  EXPECT_EQ(allowed["response"]["allowed"], true);
}

TEST_F(AdmissionHandlerTest, AnswersWhatHasNoUidWithHttp400InDryRunToo) {
  for (const auto mode : {policy::Mode::Enforce, policy::Mode::DryRun}) {
    const auto asked = handler(mode);
    for (const std::string body :
         {"", "{}", "[", "null", R"({"request":{}})", "\xff", R"({"apiVersion":"v1","kind":"Pod"})"}) {
      ask(asked, body);
      EXPECT_EQ(status, 400) << body;
      EXPECT_EQ(text, "cannot parse the AdmissionReview\n");
    }
  }
}

TEST_F(AdmissionHandlerTest, RefusesAReviewOfTooManyValuesWithHttp413BeforeItIsParsed) {
  std::string dense = "[[]";
  for (std::size_t i = 0; i < limits::kReviewTokens / 2; ++i) dense += ",[]";
  ask(handler(policy::Mode::Enforce), dense + "]");
  EXPECT_EQ(status, 413);
  EXPECT_EQ(text, "the AdmissionReview exceeds a limit\n");
}

TEST_F(AdmissionHandlerTest, DeniesWhatHasAUidButCannotBeReadInDryRunToo) {
  auto review = json::parse(recorded("deploy1-create.02.validate.json"));
  review["request"]["object"]["spec"]["template"]["spec"]["containers"] = "none";
  for (const auto mode : {policy::Mode::Enforce, policy::Mode::DryRun}) {
    const auto answer = ask(handler(mode), review.dump());
    EXPECT_EQ(status, 200);
    EXPECT_EQ(answer["response"]["allowed"], false);
  }
}

TEST_F(AdmissionHandlerTest, CountsWhatItAnswers) {
  const auto asked = handler();
  ask(asked, recorded("deploy1-create.02.validate.json"));
  ask(asked, "{}");
  const auto counted = metrics->text();
  EXPECT_THAT(counted, ::testing::ContainsRegex(
                           "tegata_admission_requests_total\\{[^}]*kind=\"Deployment\"[^}]*\\} 1"));
  EXPECT_THAT(counted, ::testing::ContainsRegex(
                           "tegata_admission_requests_total\\{[^}]*decision=\"error\"[^}]*\\} 1"));
  EXPECT_THAT(counted, ::testing::HasSubstr("tegata_admission_duration_seconds_count 1"));
  EXPECT_THAT(counted, ::testing::HasSubstr("tegata_admission_in_flight 0"));
}

}  // namespace
}  // namespace tegata::webhook
