// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/image_facts.h"

namespace tegata {

/// The manifests that the index of an image lists, of which one will run; none where the image is a manifest
/// itself. Immutable once made, and shared.
struct IndexManifests {
  std::vector<Digest> digests;  ///< in the order of the index, none twice
};

/// Absent: the image itself does not exist.
struct ManifestsKind {
  static constexpr std::string_view kName = "manifests";
  static constexpr std::string_view kMetric = "manifests";
  static constexpr Needs kNeeds = Needs::Digest;
  static constexpr bool kOnce = true;
  struct Question {
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = IndexManifests;
  static void observe(ImageQuestions& image) { image.ask<ManifestsKind>({}); }
};

}  // namespace tegata
