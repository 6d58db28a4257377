// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/transparency.h"

#include <algorithm>
#include <set>

#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/proof/inclusion.h"
#include "verifier/sigstore/proof/log_entry_body.h"

namespace tegata::verifier {
namespace {

// The integrated time of an entry, if a promise signs it.
using ProvenTime = std::optional<Time>;

Rejection log_entry_malformed(std::string detail) {
  return reject(RejectionReason::LogEntryMalformed, std::move(detail));
}

std::optional<Rejection> wrong_inclusion(const LogEntry& entry, std::int64_t index, const LogKey& log,
                                         RekorApi api) {
  const InclusionProof& proof = *entry.proof;
  const auto wrong = [](std::string detail) {
    return reject(RejectionReason::InclusionProofInvalid, std::move(detail));
  };
  const auto root =
      merkle_root(merkle_leaf_hash(entry.canonicalized_body), index, proof.tree_size, proof.hashes);
  if (!root) return wrong("the inclusion proof is not a valid path for this index and tree size");
  if (*root != proof.root_hash) return wrong("the inclusion proof does not lead to its root hash");
  // v0.1 bundles may omit it. Then only the promise, which is verified separately, is proof.
  if (api == RekorApi::V1 && entry.promise && proof.checkpoint.empty()) return std::nullopt;
  const auto read = verified_checkpoint(proof.checkpoint, log, api);
  if (const auto* rejection = std::get_if<Rejection>(&read)) return *rejection;
  const auto& checkpoint = std::get<Checkpoint>(read);
  if (checkpoint.tree_size != proof.tree_size || checkpoint.root_hash != *root)
    return wrong("the inclusion proof and the log's checkpoint are of different trees");
  return std::nullopt;
}

OrRejection<ProvenTime> verify_v1(const LogEntry& entry, const LogKey& log) {
  if (!entry.promise && !entry.proof)
    return log_entry_malformed("the log entry has neither a promise nor a proof");
  ProvenTime proven;
  if (entry.promise) {
    const auto time = verified_integrated_time(entry, log);
    if (const auto* rejection = std::get_if<Rejection>(&time)) return *rejection;
    proven = std::get<Time>(time);
  }
  // The entry's own index counts over all shards of the log; the proof's is the one within the tree.
  if (entry.proof)
    if (auto wrong = wrong_inclusion(entry, entry.proof->log_index, log, RekorApi::V1))
      return *std::move(wrong);
  return proven;
}

OrRejection<ProvenTime> verify_v2(const LogEntry& entry, const LogKey& log) {
  if (entry.promise || entry.integrated_time.value_or(0) != 0)
    return log_entry_malformed("a Rekor v2 entry must not have a promise or an integrated time");
  if (!entry.proof) return log_entry_malformed("the log entry has no inclusion proof");
  if (entry.log_index != entry.proof->log_index)
    return reject(RejectionReason::InclusionProofInvalid, "the inclusion proof is for another index");
  if (auto wrong = wrong_inclusion(entry, entry.log_index, log, RekorApi::V2)) return *std::move(wrong);
  return ProvenTime();
}

OrRejection<ProvenTime> verify_entry(const LogEntry& entry, const LoggedSignature& signature,
                                     const LogKey& log) {
  if (!log.valid.start)
    return reject(RejectionReason::LogEntryUntrusted, "the trusted root has no start time for the log");
  // The cheap check first: signatures are not checked for an entry about something else.
  const auto api = match_log_entry(entry, signature);
  if (const auto* rejection = std::get_if<Rejection>(&api)) return *rejection;
  return std::get<RekorApi>(api) == RekorApi::V1 ? verify_v1(entry, log) : verify_v2(entry, log);
}

const LogKey* log_of(const LogEntry& entry, const TrustedRoot& root) {
  const auto& logs = root.transparency_logs;
  const auto found =
      std::find_if(logs.begin(), logs.end(), [&](const LogKey& log) { return log.key_id == entry.key_id; });
  return found == logs.end() ? nullptr : &*found;
}

std::optional<Rejection> too_many_or_twice(std::span<const LogEntry> entries) {
  if (entries.size() > limits::kBundleLogEntries)
    return reject(RejectionReason::TooLarge, "too many log entries");
  std::set<std::pair<std::string_view, std::int64_t>> seen;
  for (const LogEntry& entry : entries)
    if (!seen.emplace(entry.key_id, entry.log_index).second)
      return log_entry_malformed("the same log entry occurs twice");
  return std::nullopt;
}

// Several keys or shards of one origin have one operator, and count as one log.
void add(LogProof& all, const ProvenTime& time, const LogKey& log) {
  const std::string name = log.origin.empty() ? encode_hex(log.key_id) : log.origin;
  if (std::find(all.logs.begin(), all.logs.end(), name) == all.logs.end()) all.logs.push_back(name);
  if (time) {
    all.integrated_times.push_back(*time);
  } else {
    all.log_windows.push_back(log.valid);
  }
}

}  // namespace

OrRejection<LogProof> verify_log_entries(std::span<const LogEntry> entries, const LoggedSignature& signature,
                                         const TrustedRoot& root) {
  if (auto bad = too_many_or_twice(entries)) return *std::move(bad);
  LogProof all;
  for (const LogEntry& entry : entries) {
    const LogKey* log = log_of(entry, root);
    if (!log) continue;
    const auto proven = verify_entry(entry, signature, *log);
    if (const auto* rejection = std::get_if<Rejection>(&proven)) return *rejection;
    add(all, std::get<ProvenTime>(proven), *log);
  }
  if (all.logs.empty())
    return reject(RejectionReason::LogEntryMissing, "no trusted transparency log holds the signature");
  return all;
}

}  // namespace tegata::verifier
