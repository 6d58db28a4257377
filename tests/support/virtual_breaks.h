// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tegata::testing {

/// Who did a thing. Stranger: one whom no trusted root names, who says so. Impostor: one who uses the
/// real one's name and key id, but has another key.
enum class By { Itself, Stranger, Impostor };

/// What a log does wrong with an entry.
struct LogBreaks {
  By by = By::Itself;                        ///< who keeps the whole log
  bool promise_forged = false;               ///< Rekor v1: the SET is signed with another key
  std::chrono::seconds promise_time_off{0};  ///< the SET is over a time that much later than the entry says
  By checkpoint_by = By::Itself;
  std::string checkpoint_origin = {};     ///< in the place of the log's own
  std::int64_t checkpoint_size_off = 0;   ///< the checkpoint, signed well, is of a tree of another size
  bool checkpoint_of_other_tree = false;  ///< the checkpoint, signed well, is of another root hash
  bool proof_of_other_leaf = false;       ///< index and audit path of the leaf before
};

/// What the log entry is about. Other*: an entry that holds, about something else by the same signer
/// or, OtherSigner, about the same message by another.
enum class EntryAbout { This, OtherSignature, OtherMessage, OtherSigner };

/// What is wrong with a signing. Everything that is not named stays right.
struct Breaks {
  By certificate_by = By::Itself;
  By sct_by = By::Itself;
  bool sct_over_other_certificate = false;
  By timestamp_by = By::Itself;
  bool timestamp_over_other_bytes = false;
  EntryAbout entry_about = EntryAbout::This;
  LogBreaks log = {};
};

}  // namespace tegata::testing
