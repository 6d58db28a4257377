// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/prove_time.h"

#include <stdexcept>

#include "policy/model/limits.h"
#include "verifier/sigstore/proof/transparency.h"

namespace tegata::verifier {
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
