// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_reader.h"

#include <nlohmann/json.hpp>

#include "verifier/crypto/sha256.h"
#include "verifier/json/strict_json.h"
#include "webhook/audit/member_reader.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

Error is_not_its_hash(const std::string& what, const std::string& hash) {
  return {ErrorCode::Malformed, "the " + what + " under " + hash + " is not what the hash says"};
}

/// A line of `serve`'s own log, which stands among the records where a container's two outputs are one.
bool is_log_line(const json& form) {
  return form.is_object() && form.contains("level") && form.contains("message") && !form.contains("kind");
}

}  // namespace

Result<AuditReader> AuditReader::open(const std::string& path) {
  TEGATA_TRY(auto lines, LineReader::open(path));
  return AuditReader(std::move(lines));
}

std::optional<Result<RecordedDecision>> AuditReader::next() {
  while (auto line = lines_.next()) {
    const auto where = "line " + std::to_string(lines_.number());
    if (!line->ok()) return line->error().in(where);
    auto record = read(**line);
    if (!record.ok()) return record.error().in(where);
    if (*record) return std::move(**record);
  }
  return std::nullopt;
}

Result<std::optional<RecordedDecision>> AuditReader::read(const LineReader::Line& line) {
  TEGATA_TRY(const auto form, verifier::parse_strict_json(line.text));
  if (is_log_line(form)) return std::optional<RecordedDecision>();
  MemberReader reader(form, "the line");
  const auto version = reader.text("apiVersion");
  const auto kind = reader.text("kind");
  TEGATA_CHECK(reader.status());
  if (version != "tegata.dev/v1alpha1")
    return Error{ErrorCode::Malformed,
                 "no line of an audit file of this version: its apiVersion is " + version};
  if (kind == "Unconfirmed") return std::optional<RecordedDecision>();
  if (kind == "Facts" || kind == "Evidence") {
    const auto hash = reader.text("hash");
    TEGATA_CHECK(reader.status());
    (kind == "Facts" ? facts_ : evidence_)[hash] = line.place;
    return std::optional<RecordedDecision>();
  }
  if (kind != "DecisionRecord") return Error{ErrorCode::Malformed, "a line of the unknown kind " + kind};
  TEGATA_TRY(auto record, record_from_json(form));
  return std::optional<RecordedDecision>(std::move(record));
}

Result<json> AuditReader::line_of(const Places& places, const std::string& hash) const {
  const auto place = places.find(hash);
  if (place == places.end()) return Error{ErrorCode::NotFound, "nothing stands under the hash " + hash};
  TEGATA_TRY(const auto text, lines_.at(place->second));
  return verifier::parse_strict_json(text);
}

Result<std::string> AuditReader::evidence(const std::string& hash) const {
  TEGATA_TRY(const auto line, line_of(evidence_, hash));
  MemberReader reader(line, "evidence");
  auto text = reader.text("text");
  TEGATA_CHECK(reader.status());
  if (verifier::sha256(text).hex() != hash) return is_not_its_hash("evidence", hash);
  return text;
}

Result<json> AuditReader::facts(const std::string& hash) const {
  TEGATA_TRY(auto line, line_of(facts_, hash));
  MemberReader reader(line, "facts");
  auto facts = reader.object("facts");
  TEGATA_CHECK(reader.status());
  if (verifier::sha256(dump_line(facts)).hex() != hash) return is_not_its_hash("facts", hash);
  return facts;
}

}  // namespace tegata::webhook
