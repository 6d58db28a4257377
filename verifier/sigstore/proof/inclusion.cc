// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/inclusion.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // EM DASH and a space
constexpr std::size_t kKeyId = 4;
constexpr std::size_t kHash = 32;

Rejection invalid(std::string detail) {
  return reject(RejectionReason::CheckpointInvalid, "the checkpoint " + std::move(detail));
}

bool is_control(char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7f; }

// Removes the first line from `text` and returns it without its newline. None: `text` has no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::int64_t> size_of_tree(std::string_view text) {
  if (text.empty() || text[0] < '0' || text[0] > '9' || (text[0] == '0' && text.size() > 1))
    return std::nullopt;
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return size;
}

std::optional<Checkpoint::Signature> signature_of(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return std::nullopt;
  const auto bytes = decode_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyId) return std::nullopt;
  return Checkpoint::Signature{std::string(line.substr(0, space)), bytes->substr(0, kKeyId),
                               bytes->substr(kKeyId)};
}

std::optional<Rejection> read_text(std::string_view text, Checkpoint& read) {
  read.text = text;
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!origin || origin->empty() || !size || !root) return invalid("has no origin, size and root");
  const auto tree_size = size_of_tree(*size);
  if (!tree_size) return invalid("has a size that is not a decimal number");
  auto root_hash = decode_base64(*root);
  if (!root_hash || root_hash->size() != kHash) return invalid("has a root that is not 32 bytes in base64");
  while (const auto extension = take_line(text))
    if (extension->empty()) return invalid("has an empty extension line");
  read.origin = *origin;
  read.tree_size = *tree_size;
  read.root_hash = *std::move(root_hash);
  return std::nullopt;
}

std::optional<Rejection> read_signatures(std::string_view lines, Checkpoint& read) {
  while (const auto line = take_line(lines)) {
    if (read.signatures.size() == limits::kCheckpointSignatures)
      return reject(RejectionReason::TooLarge, "the checkpoint has too many signatures");
    auto signature = signature_of(*line);
    if (!signature) return invalid("has a line that is not a signature");
    read.signatures.push_back(*std::move(signature));
  }
  if (read.signatures.empty()) return invalid("is not signed");
  return std::nullopt;
}

// `HOST - DIGITS`
bool is_shard_origin(std::string_view origin) {
  const auto dash = origin.rfind(" - ");
  if (dash == std::string_view::npos || dash + 3 == origin.size()) return false;
  const auto id = origin.substr(dash + 3);
  return std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Rejection> wrong_origin(const Checkpoint& checkpoint, const LogKey& log, RekorApi api) {
  const bool right = api == RekorApi::V1 ? is_shard_origin(checkpoint.origin)
                                         : !log.origin.empty() && checkpoint.origin == log.origin;
  if (right) return std::nullopt;
  return invalid("is of another log: its origin is " + in_quotes(checkpoint.origin));
}

bool is_by(const Checkpoint::Signature& signature, const LogKey& log, RekorApi api) {
  return signature.key_id == std::string_view(log.key_id).substr(0, kKeyId) &&
         (api == RekorApi::V1 || signature.name == log.origin);
}

}  // namespace

OrRejection<Checkpoint> parse_checkpoint(std::string_view note) {
  if (note.size() > limits::kCheckpoint)
    return reject(RejectionReason::TooLarge, "the checkpoint is too large");
  if (std::any_of(note.begin(), note.end(), is_control)) return invalid("holds control characters");
  const auto blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || !note.ends_with('\n')) return invalid("is not a signed note");
  Checkpoint read;
  if (auto bad = read_text(note.substr(0, blank + 1), read)) return *std::move(bad);
  if (auto bad = read_signatures(note.substr(blank + 2), read)) return *std::move(bad);
  return read;
}

OrRejection<Checkpoint> verified_checkpoint(std::string_view note, const LogKey& log, RekorApi api) {
  auto parsed = parse_checkpoint(note);
  if (std::holds_alternative<Rejection>(parsed)) return parsed;
  const auto& checkpoint = std::get<Checkpoint>(parsed);
  if (auto wrong = wrong_origin(checkpoint, log, api)) return *std::move(wrong);
  int tried = 0;
  for (const auto& signature : checkpoint.signatures) {
    if (!is_by(signature, log, api)) continue;
    if (log.key.check_log(checkpoint.text, signature.bytes) == SignatureCheck::Good) return parsed;
    if (++tried == limits::kCheckpointTries) break;
  }
  return invalid(tried == 0 ? "is not signed by the log" : "has an invalid signature by the log");
}

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
