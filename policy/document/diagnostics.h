// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/document/load.h"

namespace tegata::policy {

/// What is wrong with the documents so far: at most limits::kPolicyErrors, the rest is dropped.
class Diagnostics {
 public:
  void add(SourceMark mark, std::string message);
  /// The same, unless that place already has an error: for checks of meaning, which would
  /// repeat what the check of shape said.
  void add_if_new(SourceMark mark, std::string message);
  [[nodiscard]] bool full() const noexcept;
  /// By document (in the order in which they were read), line and column.
  [[nodiscard]] std::vector<Diagnostic> sorted() &&;

 private:
  std::vector<Diagnostic> found_;
};

/// `'text'` for messages, cut to 80 bytes. Control characters become spaces; where there are others
/// that cannot be seen, or bytes that are not UTF-8, all but ASCII becomes `?`.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// `a, b or c`.
[[nodiscard]] std::string one_of(const std::vector<std::string_view>& words);

/// `; did you mean 'X'?` with the known word nearest to `found` (at most two edits, and fewer than
/// half its letters); empty if none is near.
[[nodiscard]] std::string did_you_mean(std::string_view found, const std::vector<std::string_view>& known);

}  // namespace tegata::policy
