// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/text_pattern.h"

#include <re2/re2.h>

#include <vector>

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

/// `.` and `..` are removed when a URI is opened, and an empty segment is easily overlooked.
bool has_deceptive_segment(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  for (;;) {
    const auto slash = text.find('/');
    const auto segment = text.substr(0, slash);
    if (segment.empty() || segment == "." || segment == "..") return true;
    if (slash == std::string_view::npos) return false;
    text.remove_prefix(slash + 1);
  }
}

enum class At { Matched, Literal };
enum class Star { WithinSegment, Crossing };

bool star_takes(char c, Star star, At at) {
  if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return false;
  if (c == '?' || c == '#' || c == '%' || c == '\\') return false;
  if (c == '@') return at == At::Matched;
  return star == Star::Crossing || c != '/';
}

/// `reached[i]`: the steps so far can match the first i characters.
void step_star(std::vector<char>& reached, std::string_view text, Star star, At at) {
  for (std::size_t i = 1; i <= text.size(); ++i)
    if (reached[i - 1] != 0 && star_takes(text[i - 1], star, at)) reached[i] = 1;
}

void step_character(std::vector<char>& reached, std::string_view text, char c) {
  for (std::size_t i = text.size(); i > 0; --i)
    reached[i] = static_cast<char>(reached[i - 1] != 0 && text[i - 1] == c);
  reached[0] = 0;
}

}  // namespace

Result<UriGlob> UriGlob::parse(std::string_view text) {
  if (text.empty()) return Error{ErrorCode::Malformed, "a glob must not be empty"};
  if (text.size() > limits::kGlob)
    return Error{ErrorCode::LimitExceeded, "a glob has at most " + std::to_string(limits::kGlob) + " bytes"};
  if (text.find("***") != std::string_view::npos)
    return Error{ErrorCode::Malformed, "more than two stars together"};
  return UriGlob(text);
}

bool UriGlob::matches(std::string_view text) const {
  if (is_exact()) return text == text_;
  if (text.size() > limits::kGlobbedText || has_deceptive_segment(text)) return false;
  const At at = text_.find('@') == std::string::npos ? At::Matched : At::Literal;
  std::vector<char> reached(text.size() + 1, 0);
  reached[0] = 1;
  for (std::string_view left = text_; !left.empty();) {
    const std::size_t length = left.starts_with("**") ? 2 : 1;
    if (left.front() == '*')
      step_star(reached, text, length == 2 ? Star::Crossing : Star::WithinSegment, at);
    else
      step_character(reached, text, left.front());
    left.remove_prefix(length);
  }
  return reached[text.size()] != 0;
}

// What the author wrote must be well formed by itself: `(` and `)` that only match each other
// through our brackets would otherwise slip out of the anchors.
Result<std::shared_ptr<const re2::RE2>> anchored_pattern(std::string_view text) {
  if (text.size() > limits::kPattern)
    return Error{ErrorCode::LimitExceeded,
                 "a regular expression has at most " + std::to_string(limits::kPattern) + " bytes"};
  re2::RE2::Options options;
  options.set_max_mem(limits::kPatternMemory);
  options.set_log_errors(false);
  const re2::RE2 as_written(re2::StringPiece(text.data(), text.size()), options);
  if (!as_written.ok()) return Error{ErrorCode::Malformed, as_written.error()};
  auto anchored = std::make_shared<const re2::RE2>("\\A(?:" + std::string(text) + ")\\z", options);
  if (!anchored->ok()) return Error{ErrorCode::Malformed, anchored->error()};
  return anchored;
}

bool matches_whole(const re2::RE2& anchored, std::string_view text) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), anchored);
}

}  // namespace tegata::policy
