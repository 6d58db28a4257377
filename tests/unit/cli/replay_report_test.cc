// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/replay_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "policy/model/limits.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

Finding finding(FindingKind kind, Reason reason, Cost would_cost = Cost::Deny) {
  Finding finding;
  finding.policy = "production";
  finding.rule = "signed";
  finding.kind = kind;
  finding.reason = reason;
  finding.cost = Cost::DryRun;
  finding.would_cost = would_cost;
  return finding;
}

const Finding kByOther = finding(FindingKind::Violates, Reason::SignatureByOtherSigner);
const Finding kMissing = finding(FindingKind::Missing, Reason::SignatureMissing);
const Finding kUnreachable = finding(FindingKind::Unknown, Reason::RegistryUnreachable);

/// A record of --dry-run under another policy, which this one would deny.
Replayed newly_denied(std::vector<Finding> findings, const std::string& name = "web") {
  DeploymentRequest request;
  request.ns = "shop";
  request.kind = "apps/v1 Deployment";
  request.name = name;
  Replayed replayed;
  replayed.record.id = "01JD0000000000000000000000";
  replayed.record.reading = std::move(request);
  replayed.verdict.decision = Decision::Allow;
  replayed.verdict.would_be = Decision::Deny;
  replayed.verdict.findings = std::move(findings);
  replayed.verdict_text = json_text(replayed.verdict).text();
  replayed.comparison = Comparison::NewlyDenied;
  return replayed;
}

struct Reported {
  json form;
  ExitCode code;
};

Reported report(const std::vector<Replayed>& all) {
  std::ostringstream out, err;
  ReplayReport report(Format::Json, {out, err});
  for (const auto& replayed : all) report.add(entry_of(replayed, Format::Json, Style::Plain));
  report.finish();
  return {json::parse(out.str()), report.exit_code()};
}

TEST(ReplayReport, EndsWithWhatANewlyDeniedRecordWouldBe) {
  EXPECT_EQ(report({}).code, ExitCode::Ok);
  EXPECT_EQ(report({newly_denied({kByOther})}).code, ExitCode::Denied);
  EXPECT_EQ(report({newly_denied({kMissing})}).code, ExitCode::Denied);
  EXPECT_EQ(report({newly_denied({kUnreachable})}).code, ExitCode::Unchecked);
  EXPECT_EQ(report({newly_denied({kUnreachable, kMissing})}).code, ExitCode::Denied);
  const auto mild = finding(FindingKind::Missing, Reason::SignatureMissing, Cost::Warn);
  EXPECT_EQ(report({newly_denied({mild, kUnreachable})}).code, ExitCode::Unchecked);
  auto before = newly_denied({kByOther});
  before.comparison = Comparison::OtherwiseChanged;
  EXPECT_EQ(report({before}).code, ExitCode::Ok);
}

TEST(ReplayReport, GroupsByPolicyRuleNamespaceAndOwner) {
  auto deployment = newly_denied({kByOther, kByOther});
  auto pod = newly_denied({kMissing});
  auto& request = std::get<DeploymentRequest>(pod.record.reading);
  request.kind = "v1 Pod";
  request.name = "web-7d4b9-x2x4z";
  request.owner = Owner{"apps/v1 ReplicaSet", "web-7d4b9", "web"};
  auto elsewhere = newly_denied({kMissing});
  std::get<DeploymentRequest>(elsewhere.record.reading).ns = "billing";
  auto without_rule = newly_denied({finding(FindingKind::Violates, Reason::ReferenceInvalid)});
  without_rule.verdict.findings[0].rule.reset();
  auto allowed = newly_denied({kByOther});
  allowed.comparison = Comparison::NewlyAllowed;
  const auto groups = report({deployment, pod, elsewhere, without_rule, allowed}).form["groups"];
  const auto group = [](const json& rule, const std::string& ns, int records, const json& reasons) {
    return json{{"policy", "production"}, {"rule", rule},       {"namespace", ns},
                {"account", nullptr},     {"cluster", nullptr}, {"owner", "apps/v1 Deployment web"},
                {"records", records},     {"reasons", reasons}};
  };
  EXPECT_EQ(groups,
            json::array({group(nullptr, "shop", 1, {"ReferenceInvalid"}),
                         group("signed", "billing", 1, {"SignatureMissing"}),
                         group("signed", "shop", 2, {"SignatureByOtherSigner", "SignatureMissing"})}));
}

TEST(ReplayReport, BoundsItsGroupsAndCountsTheOthers) {
  std::vector<Replayed> all;
  for (std::size_t i = 0; i < limits::kReplayGroups; ++i)
    all.push_back(newly_denied({kByOther}, "web" + std::to_string(i)));
  const auto full = report(all).form;
  EXPECT_EQ(full["groups"].size(), limits::kReplayGroups);
  EXPECT_EQ(full["summary"]["ungrouped"], 0);
  all.push_back(newly_denied({kByOther}, "one-more"));
  all.push_back(newly_denied({kByOther}, "web0"));
  const auto more = report(all).form;
  EXPECT_EQ(more["groups"].size(), limits::kReplayGroups);
  EXPECT_EQ(more["groups"][0]["records"], 2);
  EXPECT_EQ(more["summary"]["ungrouped"], 1);
}

}  // namespace
}  // namespace tegata::webhook::cli
