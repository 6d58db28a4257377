// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tegata {

/// What an image says of itself, read by its digest: whoever made the image wrote it, so it is worth what
/// the signatures of that digest are worth. Immutable once made, and shared.
///
/// Of an index: what stands there for the image that will run, whichever platform that is. `annotations`
/// are the index's own and, where it has none of that name, those that all its images have with one value;
/// `labels` are those that all its images have with one value.
struct ImageLabels {
  using Texts = std::map<std::string, std::string, std::less<>>;

  Texts annotations;  ///< of the manifest
  Texts labels;       ///< of the image's config
  /// As of SignatureFacts: content address and text of what this was made from; empty where nothing is
  /// recorded.
  std::string evidence_hash;
  std::shared_ptr<const std::string> evidence;

  /// The annotation of that name, else the label; null where there is neither.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept {
    for (const auto* texts : {&annotations, &labels})
      if (const auto found = texts->find(name); found != texts->end()) return &found->second;
    return nullptr;
  }
};

}  // namespace tegata
