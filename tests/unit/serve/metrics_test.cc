// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/metrics.h"

#include <gmock/gmock.h>

#include <set>
#include <sstream>
#include <thread>

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

policy::PolicySet one_policy() {
  policy::PolicySet set;
  set.hash = "abc";
  policy::Policy policy;
  policy.name = "production";
  policy::Rule rule{.name = "signed", .costs = {}, .images = {}, .check = {}, .mark = {}};
  policy.rules.push_back(rule);
  set.policies.push_back(policy);
  return set;
}

DeploymentRequest request(const std::string& operation, const std::string& kind) {
  DeploymentRequest made;
  made.operation = operation;
  made.kind = kind;
  return made;
}

Verdict denial() {
  Finding finding;
  finding.policy = "production";
  finding.rule = "signed";
  finding.kind = FindingKind::Missing;
  Verdict verdict;
  verdict.decision = Decision::Deny;
  verdict.reasons = {Reason::SignatureMissing};
  verdict.findings = {finding};
  return verdict;
}

/// The value of the line that begins so, up to its last blank.
double value_of(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(series + " ")) return std::stod(line.substr(series.size() + 1));
  return -1;
}

TEST(Metrics, CountsARequestByWhatWasAnswered) {
  Metrics metrics(one_policy(), "1", Time{});
  metrics.answered(request("CREATE", "apps/v1 Deployment"), denial(), 3ms);
  metrics.answered(request("CREATE", "apps/v1 Deployment"), denial(), 300ms);
  const auto text = metrics.text();
  EXPECT_EQ(
      value_of(text,
               "tegata_admission_requests_total{decision=\"deny\",dry_run=\"false\",kind=\"Deployment\","
               "operation=\"CREATE\"}"),
      2);
  EXPECT_EQ(value_of(text, "tegata_reasons_total{reason=\"SignatureMissing\"}"), 2);
  EXPECT_EQ(
      value_of(text, "tegata_rule_results_total{policy=\"production\",result=\"missing\",rule=\"signed\"}"),
      2);
  EXPECT_EQ(
      value_of(text, "tegata_rule_results_total{policy=\"production\",result=\"unknown\",rule=\"signed\"}"),
      0);
  EXPECT_EQ(value_of(text, "tegata_admission_duration_seconds_bucket{le=\"0.005\"}"), 1);
  EXPECT_EQ(value_of(text, "tegata_admission_duration_seconds_count"), 2);
}

double requests(const Metrics& metrics, const std::string& decision) {
  return value_of(metrics.text(), "tegata_admission_requests_total{decision=\"" + decision +
                                      "\",dry_run=\"false\",kind=\"Pod\",operation=\"CREATE\"}");
}

double would_deny(const Metrics& metrics, const std::string& cost) {
  return value_of(metrics.text(), "tegata_admission_would_deny_total{cost=\"" + cost + "\"}");
}

TEST(Metrics, CountsWhatWouldBeDeniedByWhatWasDoneInstead) {
  Metrics metrics(one_policy(), "1", Time{});
  EXPECT_EQ(would_deny(metrics, "dryrun"), 0);
  const auto pod = request("CREATE", "v1 Pod");
  auto verdict = denial();
  metrics.answered(pod, verdict, 1ms);
  verdict.decision = Decision::Allow;
  verdict.findings[0].cost = Cost::DryRun;
  metrics.answered(pod, verdict, 1ms);
  EXPECT_EQ(would_deny(metrics, "dryrun"), 1);
  EXPECT_EQ(requests(metrics, "allow"), 1);
  verdict.findings.push_back(verdict.findings[0]);
  verdict.findings[1].cost = Cost::Warn;
  metrics.answered(pod, verdict, 1ms);
  EXPECT_EQ(would_deny(metrics, "warn"), 1);
  EXPECT_EQ(requests(metrics, "warn"), 1);
  verdict.decision = Decision::NotCovered;  // --unmatched deny in a dry run
  verdict.findings.clear();
  metrics.answered(pod, verdict, 1ms);
  EXPECT_EQ(would_deny(metrics, "dryrun"), 2);
  EXPECT_EQ(would_deny(metrics, "warn"), 1);
  EXPECT_EQ(requests(metrics, "deny"), 1);
  EXPECT_EQ(value_of(metrics.text(), "tegata_reasons_total{reason=\"SignatureMissing\"}"), 4);
}

TEST(Metrics, CountsAWarningThatWouldDenyNothingOnlyAsAWarning) {
  Metrics metrics(one_policy(), "1", Time{});
  auto verdict = denial();
  verdict.decision = Decision::Allow;
  verdict.would_be = Decision::Allow;  // onUnknown: warn
  verdict.reasons.clear();
  verdict.findings[0].cost = Cost::Warn;
  verdict.findings[0].would_cost = Cost::Warn;
  metrics.answered(request("CREATE", "v1 Pod"), verdict, 1ms);
  EXPECT_EQ(requests(metrics, "warn"), 1);
  EXPECT_EQ(would_deny(metrics, "warn"), 0);
  EXPECT_EQ(would_deny(metrics, "dryrun"), 0);
}

TEST(Metrics, CountsNoReasonOfARequestThatIsIgnored) {
  Metrics metrics(one_policy(), "1", Time{});
  Verdict verdict;
  verdict.decision = Decision::Ignored;
  verdict.would_be = Decision::Allow;
  verdict.reasons = {Reason::ScaleOnly};
  metrics.answered(IgnoredRequest{Reason::ScaleOnly, "a scale"}, verdict, 1ms);
  EXPECT_EQ(value_of(metrics.text(), "tegata_reasons_total{reason=\"ScaleOnly\"}"), 0);
  verdict.decision = Decision::Invalid;
  verdict.would_be = Decision::Deny;
  verdict.reasons = {Reason::EventMalformed};
  metrics.answered(InvalidRequest{Reason::EventMalformed, "no object"}, verdict, 1ms);
  EXPECT_EQ(value_of(metrics.text(), "tegata_reasons_total{reason=\"EventMalformed\"}"), 1);
}

TEST(Metrics, ShowsTheModeAndReloadsOfTheCertificate) {
  Metrics metrics(one_policy(), "1", Time{});
  metrics.serves_in(policy::Mode::DryRun);
  EXPECT_EQ(value_of(metrics.text(), "tegata_mode{mode=\"dryrun\"}"), 1);
  EXPECT_EQ(value_of(metrics.text(), "tegata_mode{mode=\"enforce\"}"), 0);
  EXPECT_EQ(value_of(metrics.text(), "tegata_tls_reloads_total{result=\"good\"}"), 0);
  metrics.certificate_changed(Time{2'000ms});
  metrics.certificate_refused();
  metrics.certificate_refused();
  const auto text = metrics.text();
  EXPECT_EQ(value_of(text, "tegata_tls_reloads_total{result=\"good\"}"), 1);
  EXPECT_EQ(value_of(text, "tegata_tls_reloads_total{result=\"broken\"}"), 2);
  EXPECT_EQ(value_of(text, "tegata_tls_certificate_expiry_timestamp_seconds"), 2);
}

TEST(Metrics, TellsWhatTheProcessUses) {
  const auto text = Metrics(one_policy(), "1", Time{}).text();
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GT(value_of(text, "process_start_time_seconds"), now - 3600);
  EXPECT_LE(value_of(text, "process_start_time_seconds"), now + 2);
  EXPECT_GE(value_of(text, "process_cpu_seconds_total"), 0);
  EXPECT_LT(value_of(text, "process_cpu_seconds_total"), 3600);
  EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 1'000'000);
  EXPECT_GT(value_of(text, "process_virtual_memory_bytes"), value_of(text, "process_resident_memory_bytes"));
  EXPECT_GE(value_of(text, "process_open_fds"), 3);
  EXPECT_GE(value_of(text, "process_max_fds"), value_of(text, "process_open_fds"));
}

TEST(Metrics, CountsQuestionsToTheRegistriesThatTheConfigurationNames) {
  auto policies = one_policy();
  policies.policies[0].rules[0].images = {*policy::ImageGlob::parse("By-Images.example:443/**"),
                                          *policy::ImageGlob::parse("*.wild.example/**"),
                                          *policy::ImageGlob::parse("**")};
  policies.policies[0].rules[0].check =
      policy::AllowedRegistries{{*policy::ImageGlob::parse("allowed.example:5000/team/*")}};
  policy::SignatureCheck signature;
  signature.repository = *Repository::parse("signatures.example/all");
  policies.policies[0].rules.push_back(
      {.name = "two", .costs = {}, .images = {}, .check = signature, .mark = {}});
  Metrics metrics(policies, "1", Time{});
  metrics.registries_named({"docker.example"});
  for (const auto* named :
       {"by-images.example", "allowed.example:5000", "signatures.example", "docker.example"}) {
    metrics.registry_asked(named, std::nullopt, 3ms);
    metrics.registry_asked(named, Error{ErrorCode::NotFound, ""}, 300ms);
    metrics.registry_asked(named, Error{ErrorCode::Unauthorized, ""}, 3ms);
    const auto text = metrics.text();
    const auto labels = "{registry=\"" + std::string(named) + "\"";
    EXPECT_EQ(value_of(text, "tegata_registry_requests_total{code=\"ok\"," + labels.substr(1) + "}"), 2)
        << text;
    EXPECT_EQ(
        value_of(text, "tegata_registry_requests_total{code=\"unauthorized\"," + labels.substr(1) + "}"), 1);
    EXPECT_EQ(value_of(text, "tegata_registry_request_duration_seconds_count" + labels + "}"), 3);
    EXPECT_EQ(value_of(text, "tegata_registry_request_duration_seconds_bucket" + labels + ",le=\"0.005\"}"),
              2);
  }
  const std::vector<std::pair<ErrorCode, std::string>> table{{ErrorCode::RateLimited, "rate_limited"},
                                                             {ErrorCode::Unavailable, "unavailable"},
                                                             {ErrorCode::DeadlineExceeded, "timed_out"},
                                                             {ErrorCode::UnexpectedAnswer, "unexpected"}};
  for (const auto& [code, result] : table) {
    metrics.registry_asked("an-image-names.it", Error{code, ""}, 3ms);
    EXPECT_EQ(value_of(metrics.text(),
                       "tegata_registry_requests_total{code=\"" + result + "\",registry=\"other\"}"),
              1);
  }
  EXPECT_THAT(metrics.text(), Not(HasSubstr("an-image-names.it")));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("wild.example")));
}

TEST(Metrics, CountsNoMoreRegistriesByNameThanItMay) {
  Metrics metrics(one_policy(), "1", Time{});
  std::set<std::string> many;
  for (std::size_t i = 0; i < limits::kCountedRegistries; ++i)
    many.insert(std::to_string(1000 + i) + ".example");
  metrics.registries_named(many);
  const auto last = *many.rbegin();
  EXPECT_THAT(metrics.text(), HasSubstr("registry=\"" + last + "\""));
  metrics.registries_named({"zz.example"});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("zz.example")));
  metrics.registry_asked("zz.example", std::nullopt, 3ms);
  EXPECT_EQ(value_of(metrics.text(), "tegata_registry_requests_total{code=\"ok\",registry=\"other\"}"), 1);
}

TEST(Metrics, NoLabelHasAValueThatARequestChooses) {
  Metrics metrics(one_policy(), "1", Time{});
  for (int i = 0; i < 1000; ++i) {
    const auto odd = "odd" + std::to_string(i);
    auto verdict = denial();
    verdict.findings[0].policy = odd;
    metrics.answered(request(odd, "example.com/v1 " + odd), verdict, 1ms);
  }
  const auto text = metrics.text();
  EXPECT_THAT(text, Not(HasSubstr("odd")));
  EXPECT_EQ(value_of(text,
                     "tegata_admission_requests_total{decision=\"deny\",dry_run=\"false\",kind=\"other\","
                     "operation=\"other\"}"),
            1000);
}

TEST(Metrics, TellsWhatRunsAndWhenItsCertificateEnds) {
  const Metrics metrics(one_policy(), "1.2.3", Time{1'800'000'000'500ms});
  const auto text = metrics.text();
  EXPECT_EQ(value_of(text, "tegata_build_info{version=\"1.2.3\"}"), 1);
  EXPECT_EQ(value_of(text, "tegata_policy_info{hash=\"abc\"}"), 1);
  EXPECT_NEAR(value_of(text, "tegata_tls_certificate_expiry_timestamp_seconds"), 1'800'000'000.5, 1);
}

TEST(Metrics, ReadsSourcesWhenAsked) {
  Metrics metrics(one_policy(), "1", Time{});
  double lost = 1;
  metrics.add_source(Metrics::Kind::Counter, "tegata_cache_hits_total", "Hits", {{"cache", "a"}},
                     [&] { return lost; });
  metrics.add_source(Metrics::Kind::Counter, "tegata_cache_hits_total", "Hits", {{"cache", "b"}},
                     [] { return 7.0; });
  EXPECT_EQ(value_of(metrics.text(), "tegata_cache_hits_total{cache=\"a\"}"), 1);
  lost = 2;
  const auto text = metrics.text();
  EXPECT_EQ(value_of(text, "tegata_cache_hits_total{cache=\"a\"}"), 2);
  EXPECT_EQ(value_of(text, "tegata_cache_hits_total{cache=\"b\"}"), 7);
  EXPECT_EQ(text.find("# TYPE tegata_cache_hits_total counter"),
            text.rfind("# TYPE tegata_cache_hits_total counter"));
}

TEST(Metrics, EverySeriesHasAFamilyAndANumber) {
  Metrics metrics(one_policy(), "1", Time{});
  metrics.answered(request("CREATE", "v1 Pod"), denial(), 1ms);
  metrics.unreadable();
  std::set<std::string> families;
  std::istringstream lines(metrics.text());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) families.insert(line.substr(7, line.find(' ', 7) - 7));
    if (line.starts_with('#') || line.empty()) continue;
    auto name = line.substr(0, line.find_first_of("{ "));
    for (const std::string ending : {"_bucket", "_count", "_sum"})
      if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    EXPECT_TRUE(families.contains(name)) << line;
    EXPECT_TRUE(name.starts_with("tegata_") || name.starts_with("process_")) << line;
    EXPECT_NO_THROW((void)std::stod(line.substr(line.rfind(' ') + 1))) << line;
  }
  EXPECT_GE(families.size(), 8U);
}

TEST(Metrics, CountsFromManyThreads) {
  Metrics metrics(one_policy(), "1", Time{});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 500; ++j) {
        const Metrics::InFlight in_flight(metrics);
        metrics.answered(request("UPDATE", "v1 Pod"), denial(), 1ms);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(value_of(metrics.text(),
                     "tegata_admission_requests_total{decision=\"deny\",dry_run=\"false\",kind=\"Pod\","
                     "operation=\"UPDATE\"}"),
            4000);
}

}  // namespace
}  // namespace tegata::webhook
