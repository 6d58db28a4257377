// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/command.h"

#include <gtest/gtest.h>

namespace tegata::webhook::cli {
namespace {

Verdict verdict(Decision decision, std::vector<std::pair<FindingKind, Cost>> findings) {
  Verdict made;
  made.decision = decision;
  for (const auto& [kind, cost] : findings) {
    Finding finding;
    finding.kind = kind;
    finding.cost = cost;
    made.findings.push_back(finding);
  }
  return made;
}

struct Case {
  const char* name;
  Verdict verdict;
  ExitCode deny, warn, dryrun;  ///< with each --fail-on
};

TEST(ExitCodeOf, IsWhatTheContractSays) {
  using enum FindingKind;
  const auto ok = ExitCode::Ok, denied = ExitCode::Denied, unchecked = ExitCode::Unchecked;
  const std::vector<Case> cases = {
      {"nothing found", verdict(Decision::Allow, {}), ok, ok, ok},
      {"not covered", verdict(Decision::NotCovered, {}), ok, ok, ok},
      {"ignored", verdict(Decision::Ignored, {}), ok, ok, ok},
      {"violates at deny", verdict(Decision::Deny, {{Violates, Cost::Deny}}), denied, denied, denied},
      {"missing at deny", verdict(Decision::Deny, {{Missing, Cost::Deny}}), denied, denied, denied},
      {"unknown at deny", verdict(Decision::Deny, {{Unknown, Cost::Deny}}), unchecked, unchecked, unchecked},
      {"both at deny", verdict(Decision::Deny, {{Unknown, Cost::Deny}, {Missing, Cost::Deny}}), denied,
       denied, denied},
      {"unknown at deny, violates at warn",
       verdict(Decision::Deny, {{Unknown, Cost::Deny}, {Violates, Cost::Warn}}), unchecked, denied, denied},
      {"violates at warn", verdict(Decision::Allow, {{Violates, Cost::Warn}}), ok, denied, denied},
      {"unknown at dryrun", verdict(Decision::Allow, {{Unknown, Cost::DryRun}}), ok, ok, unchecked},
      {"violates at allow", verdict(Decision::Allow, {{Violates, Cost::Allow}}), ok, ok, ok},
      {"denied without a finding", verdict(Decision::Deny, {}), denied, denied, denied},
      {"invalid", verdict(Decision::Invalid, {}), ExitCode::BadInput, ExitCode::BadInput, ExitCode::BadInput},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(exit_code_of(each.verdict, FailOn::Deny), each.deny) << each.name;
    EXPECT_EQ(exit_code_of(each.verdict, FailOn::Warn), each.warn) << each.name;
    EXPECT_EQ(exit_code_of(each.verdict, FailOn::DryRun), each.dryrun) << each.name;
  }
}

TEST(ExitCodeOf, DeniedComesBeforeUncheckedBeforeBadInput) {
  EXPECT_EQ(graver(ExitCode::Unchecked, ExitCode::Denied), ExitCode::Denied);
  EXPECT_EQ(graver(ExitCode::Unchecked, ExitCode::BadInput), ExitCode::Unchecked);
  EXPECT_EQ(graver(ExitCode::BadInput, ExitCode::Ok), ExitCode::BadInput);
  EXPECT_EQ(graver(ExitCode::Denied, ExitCode::BadInput), ExitCode::Denied);
}

}  // namespace
}  // namespace tegata::webhook::cli
