// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_rekor_v1.h"

#include "tests/support/virtual_bytes.h"
#include "tests/support/virtual_checkpoint.h"

namespace tegata::testing {
namespace {

constexpr std::int64_t kFirstIndexOfShard = 100000;
constexpr const char* kName = "rekor.virtual";
constexpr const char* kOrigin = "rekor.virtual - 1193050959916656506";

void append_others(VirtualMerkleTree& tree, int count) {
  for (int i = 0; i < count; ++i) tree.append("somebody's entry " + std::to_string(tree.size()));
}

/// Members in the order of RFC 8785: nlohmann sorts them by bytes.
std::string promised(const VirtualLogEntry& entry, std::int64_t time) {
  return nlohmann::json{{"body", base64(entry.body)},
                        {"integratedTime", time},
                        {"logID", hex(entry.key_id)},
                        {"logIndex", entry.log_index}}
      .dump();
}

}  // namespace

VirtualRekorV1::VirtualRekorV1() { append_others(tree_, 5); }

std::string VirtualRekorV1::key_id() const { return hash_of(key_.public_key_der()); }

VirtualLogEntry VirtualRekorV1::log(const VirtualLogBody& body, Time at, const LogBreaks& breaks) {
  const std::size_t index = tree_.size();
  tree_.append(body.text);
  append_others(tree_, 2);

  VirtualLogEntry entry{.kind = body.kind, .version = body.version, .body = body.text};
  const std::string other_id = hash_of(other_key_.public_key_der());
  entry.key_id = breaks.by == By::Stranger ? other_id : key_id();
  entry.log_index = kFirstIndexOfShard + static_cast<std::int64_t>(index);
  entry.integrated_time = unix_seconds(at);
  const auto& promise_key = breaks.by == By::Itself && !breaks.promise_forged ? key_ : other_key_;
  entry.promise = promise_key.sign(promised(entry, *entry.integrated_time + breaks.promise_time_off.count()));

  prove(tree_, index, breaks, entry);
  const std::string text = checkpoint_body(kOrigin, tree_, breaks);
  const By by = breaks.by == By::Itself ? breaks.checkpoint_by : breaks.by;
  entry.checkpoint = text + "\n" +
                     note_signature(text, kName, by == By::Stranger ? other_id : key_id(),
                                    by == By::Itself ? key_ : other_key_);
  return entry;
}

}  // namespace tegata::testing
