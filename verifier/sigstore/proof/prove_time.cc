// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/prove_time.h"

#include <algorithm>
#include <set>
#include <stdexcept>

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

namespace {

std::optional<Time> first_good(std::span<const std::string> timestamps, std::string_view message,
                               const TrustedTimestampAuthority& trusted) {
  for (const std::string& timestamp : timestamps) {
    const auto time = trusted.authority.verify(timestamp, message);
    if (time.ok() && trusted.valid.holds(*time)) return *time;
  }
  return std::nullopt;
}

}  // namespace

OrRejection<std::vector<Time>> verified_timestamps(std::span<const std::string> timestamps,
                                                   std::string_view message, const TrustedRoot& root) {
  if (timestamps.size() > limits::kBundleTimestamps)
    return reject(RejectionReason::TooLarge, std::to_string(timestamps.size()) + " timestamps; at most " +
                                                 std::to_string(limits::kBundleTimestamps) + " are allowed");
  std::vector<Time> times;
  for (const TrustedTimestampAuthority& trusted : root.timestamp_authorities)
    if (const auto time = first_good(timestamps, message, trusted)) times.push_back(*time);
  return times;
}

namespace {

LoggedSignature logged(const SignedContent& content, const Claimant& claimant) {
  return {.signature = claimant.signature,
          .message = content.message,
          .certificate_der = claimant.certificate_der,
          .public_key_der = claimant.public_key_der,
          .key_algorithm = claimant.algorithm,
          .dsse_payload = content.dsse_payload,
          .dsse_envelope = content.dsse_envelope};
}

// Adds the proof of the log, if it is required.
std::optional<Rejection> add_log(const SignedContent& content, const Claimant& claimant,
                                 const ProofSettings& asked, const TrustedRoot* root, Proof& proof) {
  if (asked.transparency_log == Demand::NotRequired) return std::nullopt;
  if (root == nullptr) throw std::logic_error("a log is required, but no root was named");
  if (const auto* rejection = std::get_if<Rejection>(&content.material.log_entries)) return *rejection;
  auto verified = verify_log_entries(std::get<std::vector<LogEntry>>(content.material.log_entries),
                                     logged(content, claimant), *root);
  if (auto* rejection = std::get_if<Rejection>(&verified)) return std::move(*rejection);
  auto& log = std::get<LogProof>(verified);
  proof = {std::move(log.integrated_times), std::move(log.logs), std::move(log.log_windows)};
  return std::nullopt;
}

// Adds the times of valid timestamps.
std::optional<Rejection> add_timestamps(const SignedContent& content, const Claimant& claimant,
                                        const ProofSettings& asked, const TrustedRoot* root, Proof& proof) {
  const bool required = asked.signed_timestamp == Demand::Required;
  if (root == nullptr && required) throw std::logic_error("a timestamp is required, but no root was named");
  if (root == nullptr) return std::nullopt;
  const auto* timestamps = std::get_if<std::vector<std::string>>(&content.material.timestamps);
  if (timestamps == nullptr && !required) return std::nullopt;
  if (timestamps == nullptr) return std::get<Rejection>(content.material.timestamps);
  // cosign's timestamp of an `.att` layer covers the whole envelope.
  const auto message = content.dsse_envelope ? *content.dsse_envelope : claimant.signature;
  auto verified = verified_timestamps(*timestamps, message, *root);
  if (auto* rejection = std::get_if<Rejection>(&verified)) return std::move(*rejection);
  const auto& times = std::get<std::vector<Time>>(verified);
  if (required && times.empty())
    return timestamps->empty() ? reject(RejectionReason::TimestampMissing, "the signed timestamp is absent")
                               : reject(RejectionReason::TimestampInvalid,
                                        "no timestamp covers this signature and is by a trusted authority");
  proof.times.insert(proof.times.end(), times.begin(), times.end());
  return std::nullopt;
}

// The key of a log without signed times must have been in use at every proven signing time
// (GHSA-wqqc-jjcq-vfxm).
std::optional<Rejection> outside_log_window(const Proof& proof) {
  for (const auto& window : proof.log_windows)
    for (const auto time : proof.times)
      if (!window.holds(time))
        return reject(RejectionReason::LogEntryUntrusted,
                      "the log's key was not in use at the time of signing");
  return std::nullopt;
}

}  // namespace

OrRejection<Proof> prove_time(const SignedContent& content, const Claimant& claimant,
                              const ProofSettings& asked, const TrustedRoot* root) {
  Proof proof;
  if (auto rejection = add_log(content, claimant, asked, root, proof)) return *std::move(rejection);
  if (auto rejection = add_timestamps(content, claimant, asked, root, proof)) return *std::move(rejection);
  if (auto rejection = outside_log_window(proof)) return *std::move(rejection);
  return proof;
}

}  // namespace tegata::verifier
