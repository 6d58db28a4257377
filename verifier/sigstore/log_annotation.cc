// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/digest.h"
#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/log_entry.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

constexpr std::array kPayload = {MemberShape{"body", {}}, MemberShape{"integratedTime", {}},
                                 MemberShape{"logIndex", {}}, MemberShape{"logID", {}}};
constexpr std::array kAnnotation = {MemberShape{"SignedEntryTimestamp", {}},
                                    MemberShape{"Payload", kPayload}};

Rejection malformed(std::string detail) {
  return reject(RejectionReason::LogEntryMalformed, "the annotation's log entry " + std::move(detail));
}

// Go writes every member here, 0 too: none may be absent.
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
  // It came in a manifest, so it cannot be larger than one.
  if (annotation.size() > limits::kManifest)
    return reject(RejectionReason::TooLarge, "the annotation's log entry is larger than a manifest may be");
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
