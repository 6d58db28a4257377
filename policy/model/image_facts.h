// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/evidence_plan.h"
#include "policy/model/image_labels.h"
#include "policy/model/signature_facts.h"

namespace tegata {

/// There is such a thing, and it is this.
template <typename T>
struct Known {
  T value;
};
/// Asked, and there is none.
struct Absent {};
/// Could not be found out. A fact like the others: what it costs is a line of policy.
struct Unknown {
  Error error;
};
template <typename T>
using Fact = std::variant<Known<T>, Absent, Unknown>;

struct SignatureAnswer {
  Repository repository;  ///< of the SignatureQuestion
  /// Absent: the image itself does not exist. An image without signatures is Known, with none.
  Fact<std::shared_ptr<const SignatureFacts>> facts;
};

/// What was found out about one image. Never fails as a whole; holds an entry for each question.
struct ImageFacts {
  std::string image;                ///< ImageReference::canonical()
  std::optional<Fact<Digest>> tag;  ///< what the tag names now; empty: not asked
  std::vector<SignatureAnswer> signatures;
  /// Absent: the image itself does not exist. An image without labels is Known, with none. Empty: not asked.
  std::optional<Fact<std::shared_ptr<const ImageLabels>>> labels{};

  [[nodiscard]] const SignatureAnswer* signatures_in(const Repository& repository) const noexcept {
    for (const auto& answer : signatures)
      if (answer.repository == repository) return &answer;
    return nullptr;
  }
};

}  // namespace tegata
