// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/result.h"

namespace re2 {
class RE2;
}

/// The patterns that policies write: over image names, other names, identities, and whole texts.
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

/// A pattern over identities and other URIs: the subject of a certificate, a builder's id. Anchored,
/// byte by byte, and made so that a star cannot match a look-alike:
///
/// - `*` matches any run of characters within a segment, never `/`; `**` crosses segments. Both may
///   match nothing.
/// - No star matches `?`, `#`, `%`, `\`, a space or a control character, so that what follows a star
///   stays what it looks like.
/// - Where the glob itself has an `@`, no star matches one: `**@refs/heads/main` does not match
///   the branch `x@refs/heads/main`.
/// - A text with a segment `.`, `..` or, behind `scheme://`, an empty one matches no glob with a star.
class UriGlob {
 public:
  /// Malformed: empty, or three stars together. LimitExceeded above limits::kGlob.
  [[nodiscard]] static Result<UriGlob> parse(std::string_view text);

  /// Linear in the product of both lengths at worst, never recursive.
  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool is_exact() const noexcept { return text_.find('*') == std::string::npos; }

 private:
  explicit UriGlob(std::string_view text) : text_(text) {}
  std::string text_;
};

/// A regular expression (RE2: linear time) that must match a whole text. Thread-safe once made.
/// Malformed: RE2's own error text. LimitExceeded above limits::kPattern.
[[nodiscard]] Result<std::shared_ptr<const re2::RE2>> anchored_pattern(std::string_view text);

[[nodiscard]] bool matches_whole(const re2::RE2& anchored, std::string_view text);

}  // namespace tegata::policy
