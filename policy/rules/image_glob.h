// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/result.h"

namespace tegata::policy {

/// A pattern over canonical `host[:port]/repository`, anchored; never over tag or digest.
///
/// In the host `*` stays within one DNS label and never matches a port; a `*` as port matches no
/// port. In the path `*` stays within a segment and `**` crosses. `*` and `**` may match nothing.
/// `**` alone is every image; any other glob names its host. No `?`, no brackets.
class ImageGlob {
 public:
  /// Malformed (no host, forbidden character) or LimitExceeded.
  [[nodiscard]] static Result<ImageGlob> parse(std::string_view text);

  [[nodiscard]] bool matches(const Repository& repository) const;
  /// As written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  ImageGlob() = default;
  std::string text_;
  std::string host_;  ///< canonical; empty for `**` alone
  std::string path_;
  bool every_ = false;
};

/// True if any matches. An empty list is the rule's "all images" and matches.
[[nodiscard]] bool matches_any(const std::vector<ImageGlob>& globs, const Repository& repository);

/// `*` matches any run of characters, `stop` excluded (0: none excluded). Anchored; linear in
/// practice, quadratic at worst, never recursive. For namespaces, clusters, NAME of a service
/// account, role ARNs.
[[nodiscard]] bool wildcard_matches(std::string_view pattern, std::string_view text, char stop = '\0');

}  // namespace tegata::policy
