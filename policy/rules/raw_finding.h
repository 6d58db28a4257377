// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/model/image_facts.h"
#include "policy/model/image_labels.h"
#include "policy/model/image_reference.h"
#include "policy/model/reason.h"

namespace tegata::policy {

/// What a rule finds, before its cost is known. Its kind is that of its reason. `expected` and `found` are
/// printable: what comes from outside has been through printable().
struct RawFinding {
  Reason reason;
  std::string expected;
  std::string found;
  /// How to fix it, in one sentence that says who acts where it is not the person who deploys: the owner of
  /// the build pipeline, or the platform team. "This rule" is the one that made the finding.
  std::string remedy;
  /// Of an unknown to which `onUnknown` does not apply: it costs what the enforcement says.
  bool never_softened = false;
};

/// What one rule finds in one image, or in one request: none, one, or a few.
using RawFindings = std::vector<RawFinding>;

inline constexpr std::string_view kPlatformTeam = "ask the platform team to ";
inline constexpr std::string_view kPipelineOwner = "ask the owner of the build pipeline to ";
/// The remedy for InternalError.
inline constexpr std::string_view kReportIt =
    "report it with the decision id: this is a bug in Tegata, and nothing in the deployment has to change";

/// The finding for a fact that could not be determined; `asked` is the repository that it was asked of.
[[nodiscard]] RawFinding could_not_check(const Error& error, std::string expected, const Repository& asked);
/// The finding where that repository does not have the image.
[[nodiscard]] RawFinding image_not_found(std::string expected, std::string found, const Repository& asked);
/// The finding for a question of plan's that was not answered: a bug.
[[nodiscard]] RawFinding not_answered(std::string expected);

/// `a, b or c`; where there are more than five, `a, b, c, d, e and 4 more`.
[[nodiscard]] std::string listed(const std::vector<std::string>& words, std::string_view last = " or ");

struct ImageEvidence;  // rules.h

/// The value of a fact (never null), or the finding that says why there is none. `fact` is null where
/// gather gave no answer; `absent` is what is found where the fact is Absent; `asked` is the repository that
/// was asked for it.
template <class K>
[[nodiscard]] std::variant<const typename K::Value*, RawFinding> known_value(const FactOf<K>* fact,
                                                                             const std::string& expected,
                                                                             const char* absent,
                                                                             const Repository& asked) {
  if (fact == nullptr) return not_answered(expected);
  if (const auto* unknown = std::get_if<Unknown>(fact))
    return could_not_check(unknown->error, expected, asked);
  if (std::holds_alternative<Absent>(*fact)) return image_not_found(expected, absent, asked);
  const auto& value = std::get<Known<std::shared_ptr<const typename K::Value>>>(*fact).value;
  if (value == nullptr) return not_answered(expected);
  return value.get();
}

/// The digest that the image's tag names now, or the finding that says why it is not known.
[[nodiscard]] std::variant<Digest, RawFinding> resolved_tag(const ImageEvidence& image,
                                                            const std::string& expected);

/// The digest in the reference, else the one that its tag names now.
[[nodiscard]] std::variant<Digest, RawFinding> digest_of(const ImageEvidence& image,
                                                         const std::string& expected);

/// What the image says of itself, or the finding that says why that is not known. Never null.
[[nodiscard]] std::variant<const ImageLabels*, RawFinding> known_labels(const ImageEvidence& image,
                                                                        const std::string& expected);

/// The configs of all images that can run (never null, never none), or the finding that says why they are not
/// known.
[[nodiscard]] std::variant<const std::vector<ImageConfig>*, RawFinding> known_configs(
    const ImageEvidence& image, const std::string& expected);

}  // namespace tegata::policy
