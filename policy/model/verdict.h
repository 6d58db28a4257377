// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/reason.h"

namespace tegata {

/// What a finding costs, in ascending order. Warn is shown to the caller; DryRun is silent there and
/// complete in the record; Allow is recorded only.
enum class Cost { Allow, DryRun, Warn, Deny };

/// What breaking a rule costs. Gatekeeper's words: deny, warn, dryrun.
enum class Enforcement { DryRun, Warn, Deny };

[[nodiscard]] constexpr Cost cost_of(Enforcement enforcement) {
  switch (enforcement) {
    case Enforcement::DryRun:
      return Cost::DryRun;
    case Enforcement::Warn:
      return Cost::Warn;
    case Enforcement::Deny:
      return Cost::Deny;
  }
  return Cost::Deny;
}
[[nodiscard]] constexpr Cost milder(Cost a, Cost b) { return std::min(a, b); }

/// `allow`, `dryrun`, `warn` or `deny`.
[[nodiscard]] std::string_view name_of(Cost cost) noexcept;
[[nodiscard]] std::optional<Cost> cost_of_name(std::string_view name) noexcept;

/// One way in which a deployment breaks policy. A normal result, not an error.
struct Finding {
  std::string policy;  ///< empty for findings about ourselves
  std::optional<std::string>
      rule;  ///< none for ReferenceInvalid, TaskDefinitionUnknown, and findings about ourselves
  FindingKind kind = FindingKind::Violates;
  Reason reason = Reason::InternalError;
  Cost cost = Cost::Deny;        ///< what it costs now
  Cost would_cost = Cost::Deny;  ///< what it would cost if every rule were at deny and --dry-run off
  std::string field_path;        ///< empty for a finding about the whole request
  std::string container;
  std::string place;  ///< `init container "x" (spec.initContainers[0].image)`; empty as field_path is
  std::string image;  ///< canonical where it could be read, else as written
  std::optional<Digest> digest;
  std::string expected;
  std::string found;
  std::string remedy;
  std::string help;  ///< what the policy's owner adds for this rule; empty: nothing
  /// One line that carries all of the above; what a Kubernetes user reads.
  std::string message;
};

/// What happens.
enum class Decision { Allow, Deny, NotCovered, Ignored, Invalid };
/// `allow`, `deny`, `notCovered`, `ignored`, `invalid`.
[[nodiscard]] std::string_view name_of(Decision decision) noexcept;

struct JudgedImage {
  std::string image;             ///< canonical; invalid references are not listed
  std::optional<Digest> digest;  ///< the digest judged; none: not known, or no rule asked
  /// By an `allowedRegistries` rule at deny: it was not looked up, and only that is reported.
  bool refused = false;
};

/// An exemption that took a rule away, whatever the rule would have said: its facts were not asked. Or one
/// that names vulnerabilities, and the rule overlooked some of them.
struct UsedExemption {
  std::string policy;
  std::string rule;
  std::string image;  ///< canonical; empty: the rule is about the whole request
  std::string reason;
  std::string owner;
  std::string expires;                            ///< its last day, `2027-01-31`
  std::vector<std::string> vulnerabilities = {};  ///< only these were lifted; empty: the whole rule
  friend bool operator==(const UsedExemption&, const UsedExemption&) = default;
};

/// The decision, with its explanation.
struct Verdict {
  Decision decision = Decision::Deny;
  Decision would_be = Decision::Deny;  ///< Allow or Deny
  std::vector<Reason>
      reasons;  ///< sorted by name, each once: what makes would_be Deny, or of ignored and invalid
  std::vector<std::string> rules;  ///< sorted, each once: rules with a finding that makes would_be Deny
  std::vector<Finding> findings;   ///< the request's own first, then by image in field order; then by
                                   ///< policy and rule as written
  std::vector<std::string> warnings;
  std::vector<JudgedImage> images;        ///< each once, in field order
  std::vector<UsedExemption> exemptions;  ///< each once, in the order in which they were used
};

}  // namespace tegata
