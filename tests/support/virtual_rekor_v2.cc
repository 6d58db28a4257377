// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_rekor_v2.h"

#include "tests/support/virtual_bytes.h"
#include "tests/support/virtual_checkpoint.h"

namespace tegata::testing {
namespace {

constexpr const char* kOrigin = "log2.virtual";

void append_others(VirtualMerkleTree& tree, int count) {
  for (int i = 0; i < count; ++i) tree.append("another's entry " + std::to_string(tree.size()));
}

}  // namespace

VirtualRekorV2::VirtualRekorV2(KeyKind kind) : key_(kind), other_key_(kind) { append_others(tree_, 5); }

std::string VirtualRekorV2::key_id() const { return note_key_id(kOrigin, key_); }

VirtualLogEntry VirtualRekorV2::log(const VirtualLogBody& body, Time at, const LogBreaks& breaks) {
  const std::size_t index = tree_.size();
  tree_.append(body.text);
  append_others(tree_, 2);

  VirtualLogEntry entry{.kind = body.kind, .version = body.version, .body = body.text};
  const std::string other_id = note_key_id(kOrigin, other_key_);
  entry.key_id = breaks.by == By::Stranger ? other_id : key_id();
  prove(tree_, index, breaks, entry);
  entry.log_index = entry.proof_index;  // the one index of this generation

  const std::string text = checkpoint_body(kOrigin, tree_, breaks);
  const By by = breaks.by == By::Itself ? breaks.checkpoint_by : breaks.by;
  entry.checkpoint = text + "\n" +
                     note_signature(text, kOrigin, by == By::Stranger ? other_id : key_id(),
                                    by == By::Itself ? key_ : other_key_) +
                     note_cosignature(text, "witness.virtual", unix_seconds(at), witness_key_);
  return entry;
}

}  // namespace tegata::testing
