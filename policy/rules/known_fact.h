// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "policy/model/image_labels.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {

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

}  // namespace tegata::policy
