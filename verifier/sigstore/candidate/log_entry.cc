// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/signing_material.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "policy/model/digest.h"
#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/bundle.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using Malformed = std::optional<Rejection>;

constexpr std::size_t kHashSize = 32;

Rejection malformed_entry(std::string detail) {
  return reject(RejectionReason::LogEntryMalformed, "the log entry " + std::move(detail));
}

// "0", or digits without a leading zero; never a sign (the protojson form of int64).
std::optional<std::int64_t> digits(std::string_view text) {
  if (text.empty() || text[0] < '0' || text[0] > '9' || (text[0] == '0' && text.size() > 1))
    return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Protojson omits an int64 that is 0: an absent member does not change `value`.
Malformed read_integer(const json& object, std::string_view key, std::int64_t& value) {
  const json* found = member(object, key);
  if (!found) return std::nullopt;
  std::optional<std::int64_t> number;
  if (found->is_string()) number = digits(found->get_ref<const std::string&>());
  if (found->is_number_unsigned())
    if (const auto size = size_member(object, key); size.ok()) number = static_cast<std::int64_t>(**size);
  if (!number)
    return malformed_entry("has a " + std::string(key) + " that is not a whole number from 0 to 2^63 - 1");
  value = *number;
  return std::nullopt;
}

Malformed read_text(const json& object, std::string_view key, std::string& text) {
  const auto found = string_member(object, key);
  if (!found.ok() || !*found) return malformed_entry("has no " + std::string(key));
  text = **found;
  return std::nullopt;
}

Malformed read_bytes(const json& object, std::string_view key, std::string& bytes) {
  std::string text;
  if (auto bad = read_text(object, key, text)) return bad;
  auto decoded = decode_base64(text);
  if (!decoded || decoded->empty())
    return malformed_entry("has a " + std::string(key) + " that is not base64");
  bytes = *std::move(decoded);
  return std::nullopt;
}

Malformed read_hashes(const json& proof, std::vector<std::string>& hashes) {
  const json* list = member(proof, "hashes");
  if (!list) return std::nullopt;  // a tree of one leaf; protojson omits an empty list
  if (!list->is_array()) return malformed_entry("has hashes that are not a list");
  if (list->size() > limits::kProofHashes)
    return malformed_entry("has more hashes than the path of any tree");
  for (const json& one : *list) {
    const auto bytes = one.is_string() ? decode_base64(one.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes || bytes->size() != kHashSize)
      return malformed_entry("has a hash that is not 32 bytes in base64");
    hashes.push_back(*bytes);
  }
  return std::nullopt;
}

Malformed read_proof(const json& entry, std::optional<InclusionProof>& proof) {
  const json* found = member(entry, "inclusionProof");
  if (!found) return std::nullopt;
  if (!found->is_object()) return malformed_entry("has an inclusionProof that is not an object");
  InclusionProof read;
  if (auto bad = read_integer(*found, "logIndex", read.log_index)) return bad;
  if (auto bad = read_integer(*found, "treeSize", read.tree_size)) return bad;
  if (auto bad = read_bytes(*found, "rootHash", read.root_hash)) return bad;
  if (auto bad = read_hashes(*found, read.hashes)) return bad;
  if (const json* checkpoint = member(*found, "checkpoint"))
    if (auto bad = read_text(*checkpoint, "envelope", read.checkpoint)) return bad;
  proof = std::move(read);
  return std::nullopt;
}

Malformed read_promise(const json& entry, std::optional<std::string>& promise) {
  const json* found = member(entry, "inclusionPromise");
  if (!found) return std::nullopt;
  return read_bytes(*found, "signedEntryTimestamp", promise.emplace());
}

// 0 means absent: protojson does not distinguish them, and Rekor v2 entries do not have this time.
Malformed read_integrated_time(const json& entry, std::optional<std::int64_t>& time) {
  std::int64_t seconds = 0;
  if (auto bad = read_integer(entry, "integratedTime", seconds)) return bad;
  if (seconds != 0) time = seconds;
  return std::nullopt;
}

Malformed read_identity(const json& entry, LogEntry& read) {
  const json* id = member(entry, "logId");
  if (!id) return malformed_entry("has no logId");
  if (auto bad = read_bytes(*id, "keyId", read.key_id)) return bad;
  const json* kind = member(entry, "kindVersion");
  if (!kind) return malformed_entry("has no kindVersion");
  if (auto bad = read_text(*kind, "kind", read.kind.emplace())) return bad;
  if (auto bad = read_text(*kind, "version", read.version)) return bad;
  return read_integer(entry, "logIndex", read.log_index);
}

}  // namespace

OrRejection<LogEntry> read_log_entry(const json& entry) {
  if (!entry.is_object()) return malformed_entry("is not an object");
  if (auto unknown = unknown_member(entry, bundle_shape::kLogEntry))
    return malformed_entry("has an unknown member: " + *unknown);
  LogEntry read;
  if (auto bad = read_identity(entry, read)) return *std::move(bad);
  if (auto bad = read_integrated_time(entry, read.integrated_time)) return *std::move(bad);
  if (auto bad = read_promise(entry, read.promise)) return *std::move(bad);
  if (auto bad = read_proof(entry, read.proof)) return *std::move(bad);
  if (auto bad = read_bytes(entry, "canonicalizedBody", read.canonicalized_body)) return *std::move(bad);
  return read;
}

namespace {

using nlohmann::json;

constexpr std::array kPayload = {MemberShape{"body", {}}, MemberShape{"integratedTime", {}},
                                 MemberShape{"logIndex", {}}, MemberShape{"logID", {}}};
constexpr std::array kAnnotation = {MemberShape{"SignedEntryTimestamp", {}},
                                    MemberShape{"Payload", kPayload}};

Rejection malformed(std::string detail) {
  return reject(RejectionReason::LogEntryMalformed, "the annotation's log entry " + std::move(detail));
}

// Go writes every member here, even 0: none may be absent.
std::optional<std::int64_t> integer_member(const json& object, std::string_view key) {
  const auto number = size_member(object, key);
  if (!number.ok() || !*number) return std::nullopt;
  return static_cast<std::int64_t>(**number);
}

// 64 lower-case hex digits, which is how Digest writes 32 bytes.
std::optional<std::string> log_id(const json& payload) {
  const auto text = string_member(payload, "logID");
  if (!text.ok() || !*text) return std::nullopt;
  const auto read = Digest::parse("sha256:" + **text);
  if (!read.ok()) return std::nullopt;
  return std::string(read->bytes().begin(), read->bytes().end());
}

OrRejection<LogEntry> read_payload(const json& payload) {
  const auto index = integer_member(payload, "logIndex");
  const auto time = integer_member(payload, "integratedTime");
  auto id = log_id(payload);
  auto body = bytes_member(payload, "body");
  if (!index || !time) return malformed("has no logIndex or integratedTime from 0 to 2^63 - 1");
  if (!id) return malformed("has no logID of 64 lower-case hex digits");
  if (!body || body->empty()) return malformed("has no body in base64");
  LogEntry entry;
  entry.log_index = *index;
  entry.integrated_time = *time;
  entry.key_id = *std::move(id);
  entry.canonicalized_body = *std::move(body);
  return entry;
}

}  // namespace

OrRejection<LogEntry> read_log_annotation(std::string_view annotation) {
  // It is part of a manifest, so it cannot be larger than one.
  if (annotation.size() > limits::kManifest)
    return reject(RejectionReason::TooLarge, "the annotation's log entry is too large");
  const auto document = parse_strict_json(annotation);
  if (!document.ok()) return reject(RejectionReason::LogEntryMalformed, document.error());
  if (!document->is_object()) return malformed("is not an object");
  if (auto unknown = unknown_member(*document, kAnnotation))
    return malformed("has an unknown member: " + *unknown);
  const json* payload = member(*document, "Payload");
  if (!payload || !payload->is_object()) return malformed("has no Payload");
  auto promise = bytes_member(*document, "SignedEntryTimestamp");
  if (!promise || promise->empty()) return malformed("has no SignedEntryTimestamp in base64");
  auto read = read_payload(*payload);
  if (auto* entry = std::get_if<LogEntry>(&read)) entry->promise = *std::move(promise);
  return read;
}

}  // namespace tegata::verifier
