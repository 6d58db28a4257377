// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace re2 {
class RE2;
}
namespace tegata::policy {

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
