// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/image_facts.h"

namespace tegata {

/// What the config of one image says of how it runs and how it was built. Never the value of a variable.
struct ImageConfig {
  std::string platform;                 ///< `linux/arm64`; empty where the config names none
  std::string user;                     ///< as written: `1000:1000`; empty: root
  bool healthcheck = false;             ///< has a command
  std::vector<std::string> secrets;     ///< where something looks like a secret: `variable DB_PASSWORD`
  std::vector<std::string> added_from;  ///< where ADD fetched from: `https://example.com`
  std::string created;                  ///< as written; empty where there is no date
};

/// What an image says of itself, read by its digest: the builder of the image wrote it, so it is worth what
/// the signatures of that digest are worth. Immutable once made, and shared.
///
/// Of an index: what applies to the image that will run, whichever platform that is. `annotations`
/// are the index's own and, where it has none of that name, those that all its images have with one value;
/// `labels` are those that all its images have with one value.
struct ImageLabels {
  using Texts = std::map<std::string, std::string, std::less<>>;

  Texts annotations;  ///< of the manifest
  Texts labels;       ///< of the image's config
  /// Of each image that can run, each distinct config once. None: of a record that was made without them.
  std::optional<std::vector<ImageConfig>> configs = {};

  /// The annotation of that name, else the label; null where there is neither.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept {
    for (const auto* texts : {&annotations, &labels})
      if (const auto found = texts->find(name); found != texts->end()) return &found->second;
    return nullptr;
  }
};

/// Absent: the image itself does not exist. An image without labels is Known, with none.
struct LabelKind {
  static constexpr std::string_view kName = "labels";
  static constexpr std::string_view kMetric = "labels";
  static constexpr Needs kNeeds = Needs::Digest;
  static constexpr bool kOnce = true;
  struct Question {
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = ImageLabels;
  static void observe(ImageQuestions& image) { image.ask<LabelKind>({}); }
};

}  // namespace tegata
