// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/command.h"

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

std::string painted(std::string_view text, Colour colour, Style style) {
  if (style == Style::Plain) return std::string(text);
  const auto code = [colour] {
    switch (colour) {
      case Colour::Red:
        return "31";
      case Colour::Green:
        return "32";
      case Colour::Yellow:
        return "33";
      case Colour::Cyan:
        return "36";
      case Colour::Grey:
        return "90";
      case Colour::Bold:
        return "1";
    }
    return "0";
  };
  return std::string("\x1b[") + code() + "m" + std::string(text) + "\x1b[0m";
}

std::string without_controls(std::string_view text) {
  std::string safe(text);
  for (char& c : safe)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return safe;
}

}  // namespace tegata::webhook::cli
