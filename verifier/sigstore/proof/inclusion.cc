// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/inclusion.h"

#include <bit>

#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

std::string node(std::string_view left, std::string_view right) {
  std::string bytes(1, '\x01');
  bytes += left;
  bytes += right;
  return hash(HashAlgorithm::Sha256, bytes);
}

}  // namespace

std::string merkle_leaf_hash(std::string_view leaf) {
  std::string bytes(1, '\0');
  bytes += leaf;
  return hash(HashAlgorithm::Sha256, bytes);
}

// The path has two parts. Up to the level at which the leaf's ancestor is on the tree's right border, each
// bit of the index gives the side of the sibling. Above it, siblings are always on the left, and exist only
// where the index has a bit set.
std::optional<std::string> merkle_root(std::string_view leaf_hash, std::int64_t index, std::int64_t size,
                                       std::span<const std::string> hashes) {
  if (index < 0 || index >= size) return std::nullopt;
  const auto place = static_cast<std::uint64_t>(index);
  const auto inner = static_cast<std::size_t>(std::bit_width(place ^ static_cast<std::uint64_t>(size - 1)));
  const auto border = static_cast<std::size_t>(std::popcount(place >> inner));
  if (hashes.size() != inner + border) return std::nullopt;

  std::string root(leaf_hash);
  for (std::size_t level = 0; level < inner; ++level)
    root = (place >> level & 1) != 0 ? node(hashes[level], root) : node(root, hashes[level]);
  for (const std::string& left : hashes.subspan(inner)) root = node(left, root);
  return root;
}

namespace {

constexpr std::int64_t kLatestSecond = 253'402'300'799;  // the last one of the year 9999

}  // namespace

OrRejection<std::string> signed_entry_text(const LogEntry& entry) {
  if (!entry.integrated_time)
    return reject(RejectionReason::LogEntryMalformed, "the log entry has a promise and no integrated time");
  return R"({"body":")" + encode_base64(entry.canonicalized_body) + R"(","integratedTime":)" +
         std::to_string(*entry.integrated_time) + R"(,"logID":")" + encode_hex(entry.key_id) +
         R"(","logIndex":)" + std::to_string(entry.log_index) + "}";
}

OrRejection<Time> verified_integrated_time(const LogEntry& entry, const LogKey& log) {
  if (!entry.promise) return reject(RejectionReason::LogEntryMalformed, "the log entry has no promise");
  const auto text = signed_entry_text(entry);
  if (const auto* rejection = std::get_if<Rejection>(&text)) return *rejection;
  if (*entry.integrated_time < 0 || *entry.integrated_time > kLatestSecond)
    return reject(RejectionReason::LogEntryMalformed, "the log entry's integrated time is out of range");
  const Time time{std::chrono::seconds(*entry.integrated_time)};
  if (!log.trusted_at(time))
    return reject(RejectionReason::LogEntryUntrusted, "the log's key was not in use at the integrated time");
  if (log.key.check_log(std::get<std::string>(text), *entry.promise) != SignatureCheck::Good)
    return reject(RejectionReason::LogEntryUntrusted, "the log did not sign the entry's timestamp");
  return time;
}

}  // namespace tegata::verifier
