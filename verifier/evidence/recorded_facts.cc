// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/recorded_facts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/json_text.h"
#include "verifier/evidence/recorded_labels.h"
#include "verifier/json/members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

const char* word_of(SignatureFormat format) {
  switch (format) {
    case SignatureFormat::SimpleSigning:
      return "simpleSigning";
    case SignatureFormat::Envelope:
      return "envelope";
    case SignatureFormat::Bundle:
      return "bundle";
  }
  return "bundle";
}

// What certificates, logs and predicates add; absent where there is none.
void add_proof(json& form, const SignedStatement& statement) {
  if (!statement.times.empty()) {
    form["signedAt"] = json::array();
    for (const auto time : statement.times) form["signedAt"].push_back(time.time_since_epoch().count());
  }
  for (const auto& log : statement.logs) form["logs"].push_back(valid_utf8(log));
  if (statement.predicate_type) form["predicateType"] = valid_utf8(*statement.predicate_type);
  if (statement.predicate.mismatch) form["mismatch"] = valid_utf8(*statement.predicate.mismatch);
  for (const auto& commit : statement.predicate.commits) form["commits"].push_back(valid_utf8(commit));
  if (!statement.identity) return;
  for (const auto& [name, value] : statement.identity->extensions)
    form["extensions"][valid_utf8(name)] = valid_utf8(value);
}

json verified_json(const VerifiedSignature& signature) {
  json annotations = json::object();
  for (const auto& [name, value] : signature.annotations()) annotations[valid_utf8(name)] = valid_utf8(value);
  const auto& reference = signature.docker_reference();
  json form{{"format", word_of(signature.format())},
            {"foundIn", signature.found_in().text()},
            {"signer", valid_utf8(signature.signer())},
            {"dockerReference", reference ? json(valid_utf8(*reference)) : json()},
            {"annotations", std::move(annotations)}};
  add_proof(form, signature.statement());
  return form;
}

json rejection_json(const Rejection& rejection) {
  return {{"reason", std::string(name_of(rejection.reason))},
          {"detail", valid_utf8(rejection.detail)},
          {"candidate", rejection.candidate ? json(rejection.candidate->text()) : json()}};
}

json authority_json(const AuthorityFacts& facts) {
  auto verified = json::array();
  for (const auto& signature : facts.verified) verified.push_back(verified_json(signature));
  auto rejected = json::array();
  const auto told = std::min(facts.rejected.size(), limits::kRecordedRejections);
  for (std::size_t i = 0; i < told; ++i) rejected.push_back(rejection_json(facts.rejected[i]));
  return {{"authority", valid_utf8(facts.authority.text)},
          {"verified", std::move(verified)},
          {"rejected", std::move(rejected)},
          {"rejectedMore", facts.rejected.size() - told}};
}

json known_json(const Digest& digest) { return digest.text(); }

json known_json(const std::shared_ptr<const ImageLabels>& labels) { return labels_json(*labels); }

json known_json(const std::shared_ptr<const SignatureFacts>& facts) {
  auto authorities = json::array();
  for (const auto& authority : facts->authorities) authorities.push_back(authority_json(authority));
  json form{{"evidence", facts->evidence_hash.empty() ? json() : json(facts->evidence_hash)},
            {"candidates", facts->candidates},
            {"authorities", std::move(authorities)},
            {"tooMany", facts->too_many},
            {"unknown", facts->unknown ? error_json(*facts->unknown) : json()}};
  if (facts->asks_now) form["verifiedAt"] = facts->verified_at.time_since_epoch().count();
  return form;
}

template <typename T>
json fact_json(const Fact<T>& fact) {
  if (const auto* known = std::get_if<Known<T>>(&fact)) return {{"known", known_json(known->value)}};
  if (const auto* unknown = std::get_if<Unknown>(&fact)) return {{"unknown", error_json(unknown->error)}};
  return {{"absent", true}};
}

Error malformed_facts(std::string_view what) {
  return {ErrorCode::Malformed, "recorded facts: " + std::string(what)};
}

/// Absent, Unknown, or what `read` makes of `known`.
template <typename T, typename Read>
Result<Fact<T>> read_fact(const json& value, Read read) {
  if (const auto* known = member(value, "known")) {
    TEGATA_TRY(T read_back, read(*known));
    return Fact<T>(Known<T>{std::move(read_back)});
  }
  if (const auto* unknown = member(value, "unknown")) {
    auto error = read_error(*unknown);
    if (!error) return malformed_facts("an error without a known code or a message");
    return Fact<T>(Unknown{*std::move(error)});
  }
  if (member(value, "absent") == nullptr) return malformed_facts("a fact is known, absent or unknown");
  return Fact<T>(Absent{});
}

Result<Digest> read_digest(const json& known) {
  if (!known.is_string()) return malformed_facts("a digest is a string");
  return Digest::parse(known.get_ref<const std::string&>());
}

Result<RecordedEvidence> read_evidence(const json& known) {
  TEGATA_TRY(auto hash, string_member(known, "evidence"));
  RecordedEvidence evidence{std::move(hash).value_or(""), std::nullopt};
  if (const auto* at = member(known, "verifiedAt")) {
    if (!at->is_number_integer()) return malformed_facts("verifiedAt is an integer");
    evidence.verified_at = Time(std::chrono::milliseconds(at->get<std::int64_t>()));
  }
  return evidence;
}

Result<RecordedSignatures> read_signatures(const json& element) {
  TEGATA_TRY(const auto text, string_member(element, "repository"));
  if (!text) return malformed_facts("signatures without their repository");
  TEGATA_TRY(auto repository, Repository::parse(*text));
  TEGATA_TRY(auto evidence, read_fact<RecordedEvidence>(element, read_evidence));
  return RecordedSignatures{std::move(repository), std::move(evidence)};
}

}  // namespace

json to_json(const ImageFacts& facts) {
  auto signatures = json::array();
  for (const auto& answer : facts.signatures) {
    auto element = fact_json(answer.facts);
    element["repository"] = answer.repository.text();
    signatures.push_back(std::move(element));
  }
  json image{{"image", facts.image}, {"signatures", std::move(signatures)}};
  if (facts.tag) image["tag"] = fact_json(*facts.tag);
  if (facts.labels) image["labels"] = fact_json(*facts.labels);
  return image;
}

Result<RecordedFacts> read_recorded_facts(const json& image) {
  RecordedFacts facts;
  TEGATA_TRY(auto name, string_member(image, "image"));
  const auto* signatures = member(image, "signatures");
  if (!name || signatures == nullptr || !signatures->is_array())
    return malformed_facts("image or signatures are absent");
  facts.image = *std::move(name);
  if (const auto* tag = member(image, "tag")) {
    TEGATA_TRY(facts.tag, read_fact<Digest>(*tag, read_digest));
  }
  if (const auto* labels = member(image, "labels")) {
    TEGATA_TRY(facts.labels, read_fact<std::shared_ptr<const ImageLabels>>(*labels, read_labels));
  }
  for (const auto& element : *signatures) {
    TEGATA_TRY(auto read, read_signatures(element));
    facts.signatures.push_back(std::move(read));
  }
  return facts;
}

}  // namespace tegata::verifier
