// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/anchored_pattern.h"

#include <re2/re2.h>

#include "policy/model/limits.h"

namespace tegata::policy {

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
