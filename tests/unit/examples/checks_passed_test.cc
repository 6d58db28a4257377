// SPDX-License-Identifier: Apache-2.0
// examples/checks-passed.yaml with real attestations.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/examples/example.h"

namespace tegata::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
constexpr const char* kTests =
    R"({"result":"PASSED","configuration":[{"name":"unit-tests"}],"passedTests":["cart"]})";
constexpr const char* kAnalysis =
    R"({"result":"PASSED","configuration":[{"name":"rules"},{"name":"static-analysis"}]})";

/// A run of a workflow of acme/shop, as Fulcio certifies it.
SigningRequest run_of(const std::string& workflow, const std::string& ref,
                      const std::string& repository = "https://github.com/acme/shop") {
  const auto file = repository + "/.github/workflows/" + workflow + "@" + ref;
  const std::string fulcio = "1.3.6.1.4.1.57264.1.";
  return {.identity = file,
          .extensions = {{fulcio + "12", repository}, {fulcio + "14", ref}, {fulcio + "18", file}}};
}
const SigningRequest kChecks = run_of("checks.yml", "refs/heads/main");

class ChecksPassed : public ::testing::Test {
 protected:
  verifier::Candidate by_checks(const std::string& predicate) {
    return example_.attest(kChecks, kTestResult, predicate);
  }
  std::string told(const std::vector<verifier::Candidate>& beside) {
    return example_.told(beside, kSigningTime);
  }
  /// Both, as that run says.
  std::string told_by(const SigningRequest& run) {
    return told({example_.attest(run, kTestResult, kTests), example_.attest(run, kTestResult, kAnalysis)});
  }
  Example example_{"checks-passed.yaml"};
};

TEST_F(ChecksPassed, LetsRunWhatHasPassedBoth) {
  EXPECT_EQ(told({by_checks(kTests), by_checks(kAnalysis)}), "allow");
}

TEST_F(ChecksPassed, AsksForEachOfThem) {
  EXPECT_EQ(told({}).find("unit-tests-passed: AttestationMissing: "), 0U);
  EXPECT_THAT(told({}), HasSubstr("static-analysis-passed: AttestationMissing: "));
  EXPECT_EQ(told({by_checks(kTests)}).find("static-analysis-passed: AttestationPredicateMismatch: "), 0U);
  EXPECT_EQ(told({by_checks(kAnalysis)}).find("unit-tests-passed: AttestationPredicateMismatch: "), 0U);
}

TEST_F(ChecksPassed, TakesNothingButPassed) {
  for (const std::string result : {"\"FAILED\"", "\"WARNED\"", "\"passed\"", "true", "[\"PASSED\"]"}) {
    const auto tests = R"({"result":)" + result + R"(,"configuration":[{"name":"unit-tests"}]})";
    const auto text = told({by_checks(tests), by_checks(kAnalysis)});
    EXPECT_EQ(text.find("unit-tests-passed: AttestationPredicateMismatch: "), 0U) << text;
    EXPECT_THAT(text, Not(HasSubstr("static-analysis-passed")));
  }
}

TEST_F(ChecksPassed, AreWhatOneWorkflowOnTheMainBranchSays) {
  EXPECT_EQ(told_by(kChecks), "allow");
  for (const auto& other :
       {run_of("other.yml", "refs/heads/main"), run_of("checks.yml", "refs/heads/feature"),
        run_of("checks.yml", "refs/pull/7/merge"),
        run_of("checks.yml", "refs/heads/main", "https://github.com/acme/shop2"),
        run_of("checks.yml", "refs/heads/main", "https://github.com/mallory/shop")}) {
    EXPECT_THAT(told_by(other), HasSubstr("unit-tests-passed: AttestationByOtherSigner: ")) << other.identity;
    EXPECT_THAT(told_by(other), HasSubstr("static-analysis-passed: AttestationByOtherSigner: "));
    // One of both by the right workflow takes nothing from the other rule.
    const auto half = told({example_.attest(other, kTestResult, kTests), by_checks(kAnalysis)});
    EXPECT_EQ(half.find("unit-tests-passed: AttestationPredicateMismatch: "), 0U) << half;
  }
}

TEST_F(ChecksPassed, LeavesLintOnlyImagesWithoutSignaturesToWarnOf) {
  const auto doubts = example_.doubts();
  EXPECT_THAT(doubts, HasSubstr("no signature rule covers all images"));
  EXPECT_EQ(std::count(doubts.begin(), doubts.end(), '\n'), 1);
}

}  // namespace
}  // namespace tegata::testing
