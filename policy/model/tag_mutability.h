// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/fact.h"

namespace tegata {

/// Whether a registry lets tags of a repository be moved (Amazon ECR: imageTagMutability).
struct TagMutability {
  enum class Setting {
    Mutable,
    Immutable,
    NotOffered,  ///< the registry has no such setting that Tegata knows of
  };
  Setting setting = Setting::NotOffered;
  /// Filters of the tags that have the other setting (`…_WITH_EXCLUSION`): `*` is any text, also none.
  std::vector<std::string> except = {};

  /// The first filter that matches the whole tag; null: none.
  [[nodiscard]] const std::string* filter_of(std::string_view tag) const noexcept;
  /// Whether the registry refuses to move this tag.
  [[nodiscard]] bool holds(std::string_view tag) const noexcept;
};

/// Absent: the repository does not exist. About a repository, whatever the tag.
struct TagMutabilityKind {
  static constexpr std::string_view kName = "tagMutability";
  static constexpr std::string_view kMetric = "tag_mutability";
  static constexpr Needs kNeeds = Needs::Nothing;
  static constexpr bool kOnce = true;
  struct Question {
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = TagMutability;
};

}  // namespace tegata
