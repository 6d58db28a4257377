// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "policy/model/digest.h"
#include "policy/model/fact.h"

namespace tegata {

struct ImageQuestions;

/// What a tag names now.
struct ResolvedTag {
  Digest digest;
  /// The manifest that the registry answered with, so that verifying it need not fetch it again; null
  /// where it has more than limits::kKeptManifest bytes.
  std::shared_ptr<const std::string> manifest = nullptr;
  std::string media_type = {};  ///< of the manifest
};

struct TagKind {
  static constexpr std::string_view kName = "tag";
  static constexpr std::string_view kMetric = "tags";
  static constexpr Needs kNeeds = Needs::Nothing;
  static constexpr bool kOnce = true;
  struct Question {
    std::string tag;
    [[nodiscard]] std::size_t hash() const { return std::hash<std::string>{}(tag); }
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = ResolvedTag;
  static void observe(ImageQuestions& image);
};

/// A tag that names this digest, of whose manifest nothing is known.
[[nodiscard]] inline FactOf<TagKind> known_tag(const Digest& digest) {
  return Known<std::shared_ptr<const ResolvedTag>>{std::make_shared<const ResolvedTag>(ResolvedTag{digest})};
}

}  // namespace tegata
