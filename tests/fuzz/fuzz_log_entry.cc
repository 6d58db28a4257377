// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "verifier/json/strict_json.h"
#include "verifier/sigstore/proof/inclusion.h"
#include "verifier/sigstore/proof/log_entry_body.h"

namespace {

using namespace tegata::verifier;

void examine_entry(const LogEntry& entry) {
  const LoggedSignature some{.signature = "s",
                             .message = SignedMessage::of_bytes("m"),
                             .certificate_der = {},
                             .public_key_der = "k",
                             .key_algorithm = "ECDSA P-256",
                             .dsse_payload = "p",
                             .dsse_envelope = "e"};
  (void)match_log_entry(entry, some);
  if (entry.log_index < 0 || entry.integrated_time.value_or(0) < 0) std::abort();
  (void)signed_entry_text(entry);
  if (!entry.proof) return;
  (void)parse_checkpoint(entry.proof->checkpoint);
  (void)merkle_root(merkle_leaf_hash(entry.canonicalized_body), entry.proof->log_index,
                    entry.proof->tree_size, entry.proof->hashes);
}

void examine(const OrRejection<LogEntry>& read) {
  if (const auto* entry = std::get_if<LogEntry>(&read)) examine_entry(*entry);
}

}  // namespace

// An element of a bundle's tlogEntries, cosign's annotation, or the body inside of either.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  examine(read_log_annotation(text));
  if (const auto json = parse_strict_json(text); json.ok()) examine(read_log_entry(*json));
  LogEntry entry;
  entry.canonicalized_body = text;
  examine_entry(entry);
  return 0;
}
