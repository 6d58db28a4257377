// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/result.h"

namespace tegata {

/// Digests that a file lists. Immutable once read, and shared.
struct DigestList {
  std::vector<Digest> digests;  ///< sorted, none twice

  [[nodiscard]] bool contains(const Digest& digest) const noexcept;
};

/// Reads the text of such a file: one digest (`sha256:…`) a line; blank lines, spaces around a digest, and
/// comments from `#` to the end of the line do not count. `name` is the file, for messages.
///
/// Malformed, as `NAME:LINE: …`: a line with anything else, or a text in which nothing is written: a list
/// that is meant to hold no digest has a comment, and one that was cut off has not. LimitExceeded: more than
/// limits::kListedDigests.
[[nodiscard]] Result<DigestList> read_digest_list(std::string_view text, const std::string& name);

}  // namespace tegata
