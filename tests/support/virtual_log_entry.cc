// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_log_entry.h"

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {

using nlohmann::json;

void prove(const VirtualMerkleTree& tree, std::size_t index, const LogBreaks& breaks,
           VirtualLogEntry& entry) {
  if (breaks.proof_of_other_leaf) --index;
  entry.proof_index = static_cast<std::int64_t>(index);
  entry.tree_size = static_cast<std::int64_t>(tree.size());
  entry.root_hash = tree.root();
  entry.hashes = tree.audit_path(index);
}

json bundle_form(const VirtualLogEntry& entry) {
  json hashes = json::array();
  for (const auto& hash : entry.hashes) hashes.push_back(base64(hash));
  json form = {{"logIndex", std::to_string(entry.log_index)},
               {"logId", {{"keyId", base64(entry.key_id)}}},
               {"kindVersion", {{"kind", entry.kind}, {"version", entry.version}}},
               {"inclusionProof",
                {{"logIndex", std::to_string(entry.proof_index)},
                 {"rootHash", base64(entry.root_hash)},
                 {"treeSize", std::to_string(entry.tree_size)},
                 {"hashes", std::move(hashes)},
                 {"checkpoint", {{"envelope", entry.checkpoint}}}}},
               {"canonicalizedBody", base64(entry.body)}};
  if (entry.integrated_time) form["integratedTime"] = std::to_string(*entry.integrated_time);
  if (entry.promise) form["inclusionPromise"] = {{"signedEntryTimestamp", base64(*entry.promise)}};
  return form;
}

std::string annotation_form(const VirtualLogEntry& entry) {
  must(entry.promise && entry.integrated_time);
  const json form = {{"SignedEntryTimestamp", base64(*entry.promise)},
                     {"Payload",
                      {{"body", base64(entry.body)},
                       {"integratedTime", *entry.integrated_time},
                       {"logIndex", entry.log_index},
                       {"logID", hex(entry.key_id)}}}};
  return form.dump();
}

}  // namespace tegata::testing
