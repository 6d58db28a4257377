// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <algorithm>
#include <ostream>

#include "policy/document/load.h"
#include "verifier/sigstore/root/trust_material.h"
#include "webhook/config/policy_files.h"
#include "webhook/engine/loaded_policies.h"

namespace tegata::webhook::cli {
namespace {

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

ExitCode lint_one(const std::string& path, const std::string& trusted_root, Strictness strictness, Time now,
                  const Terminal& terminal) {
  verifier::TrustMaterial trust(default_root(trusted_root), verifier::Pipes::Read);
  const auto loaded = load_policy_files(path, trust, verifier::Pipes::Read);
  if (!loaded.ok()) {
    terminal.err << "tegata policy lint: " << loaded.error().message << "\n";
    return ExitCode::Usage;
  }
  for (const auto& error : loaded->errors) terminal.out << error.text() << "\n";
  if (!loaded->policies) {
    terminal.out << path << ": " << counted(loaded->errors.size(), "error") << "\n";
    return ExitCode::Usage;
  }
  const auto warnings = policy::lint(*loaded->policies, now);
  for (const auto& warning : warnings) {
    auto marked = warning;
    marked.message = "warning: " + marked.message;
    terminal.out << marked.text() << "\n";
  }
  std::size_t rules = 0;
  for (const auto& policy : loaded->policies->policies) rules += policy.rules.size();
  terminal.out << path << ": "
               << (loaded->policies->policies.size() == 1
                       ? std::string("1 policy")
                       : std::to_string(loaded->policies->policies.size()) + " policies")
               << ", " << counted(rules, "rule") << ", no errors, " << counted(warnings.size(), "warning")
               << "\n";
  return strictness == Strictness::WarningsFail && !warnings.empty() ? ExitCode::Denied : ExitCode::Ok;
}

}  // namespace

ExitCode run_policy_lint(const std::vector<std::string>& paths, const std::string& trusted_root,
                         Strictness strictness, Time now, const Terminal& terminal) {
  auto worst = ExitCode::Ok;
  for (const auto& path : paths)
    worst = std::max(worst, lint_one(path, trusted_root, strictness, now, terminal));
  return worst;
}

ExitCode run_policy_schema(const Terminal& terminal) {
  terminal.out << policy::json_schema();
  return ExitCode::Ok;
}

ExitCode run_policy_explain(const std::string& field, const Terminal& terminal) {
  const auto text = policy::explain(field);
  if (!text.ok()) {
    terminal.err << "tegata policy explain: " << text.error().message << "\n";
    return ExitCode::Usage;
  }
  terminal.out << *text;
  if (!text->ends_with('\n')) terminal.out << "\n";
  return ExitCode::Ok;
}

}  // namespace tegata::webhook::cli
