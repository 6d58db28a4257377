// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/recorded_contents.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/crypto/hash.h"
#include "verifier/json/strict_json.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook {
namespace {

Error is_not_its_hash(const std::string& what, const std::string& hash) {
  return {ErrorCode::Malformed, "the " + what + " with the hash " + hash + " does not match the hash"};
}

}  // namespace

void RecordedContents::add(Kind kind, const std::string& hash, std::shared_ptr<const LineReader> file,
                           LineReader::Place place) {
  const std::lock_guard lock(mutex_);
  (kind == Kind::Facts ? facts_ : evidence_)[hash] = {std::move(file), place};
}

Result<nlohmann::json> RecordedContents::line_of(const Places& places, const std::string& hash) const {
  Found found;
  {
    const std::lock_guard lock(mutex_);
    const auto place = places.find(hash);
    if (place == places.end())
      return Error{ErrorCode::NotFound, "the file has no line with the hash " + hash};
    found = place->second;
  }
  TEGATA_TRY(const auto text, found.file->at(found.place));
  return verifier::parse_strict_json(text);
}

Result<std::string> RecordedContents::evidence(const std::string& hash) const {
  TEGATA_TRY(const auto line, line_of(evidence_, hash));
  TEGATA_TRY(auto text, verifier::string_member(line, "text"));
  if (!text || verifier::sha256(*text).hex() != hash) return is_not_its_hash("evidence", hash);
  return *std::move(text);
}

Result<nlohmann::json> RecordedContents::facts(const std::string& hash) const {
  TEGATA_TRY(const auto line, line_of(facts_, hash));
  const auto* facts = verifier::member(line, "facts");
  if (facts == nullptr || verifier::sha256(dump_line(*facts)).hex() != hash)
    return is_not_its_hash("facts", hash);
  return *facts;
}

}  // namespace tegata::webhook
