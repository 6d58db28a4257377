// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signing_times.h"

#include "policy/model/limits.h"

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
                                                 std::to_string(limits::kBundleTimestamps) +
                                                 " are looked at");
  std::vector<Time> times;
  for (const TrustedTimestampAuthority& trusted : root.timestamp_authorities)
    if (const auto time = first_good(timestamps, message, trusted)) times.push_back(*time);
  return times;
}

}  // namespace tegata::verifier
