// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/exit_code_of.h"

namespace tegata::webhook::cli {
namespace {

Cost mildest_failing(FailOn fail_on) {
  switch (fail_on) {
    case FailOn::Deny:
      return Cost::Deny;
    case FailOn::Warn:
      return Cost::Warn;
    case FailOn::DryRun:
      return Cost::DryRun;
  }
  return Cost::DryRun;
}

int gravity(ExitCode code) {
  switch (code) {
    case ExitCode::Ok:
      return 0;
    case ExitCode::BadInput:
      return 1;
    case ExitCode::Unchecked:
      return 2;
    case ExitCode::Denied:
      return 3;
    case ExitCode::Usage:
      return 4;
  }
  return 4;
}

}  // namespace

ExitCode graver(ExitCode a, ExitCode b) { return gravity(a) >= gravity(b) ? a : b; }

ExitCode exit_code_of(const Verdict& verdict, FailOn fail_on) {
  if (verdict.decision == Decision::Invalid) return ExitCode::BadInput;
  if (verdict.decision == Decision::Ignored) return ExitCode::Ok;
  auto code = ExitCode::Ok;
  for (const auto& finding : verdict.findings)
    if (finding.cost >= mildest_failing(fail_on))
      code = graver(code, finding.kind == FindingKind::Unknown ? ExitCode::Unchecked : ExitCode::Denied);
  // A denial that no finding explains is still a denial.
  if (verdict.decision == Decision::Deny && code == ExitCode::Ok) return ExitCode::Denied;
  return code;
}

}  // namespace tegata::webhook::cli
