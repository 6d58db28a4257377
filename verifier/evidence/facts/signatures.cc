// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/makers.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/facts/scan_json.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/discover/discover.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using SharedFacts = std::shared_ptr<const SignatureFacts>;

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

// Members from certificates, logs and predicates; each is left out if it is empty.
void add_proof(json& form, const SignedStatement& statement) {
  if (!statement.times.empty()) {
    form["signedAt"] = json::array();
    for (const auto time : statement.times) form["signedAt"].push_back(time.time_since_epoch().count());
  }
  for (const auto& log : statement.logs) form["logs"].push_back(valid_utf8(log));
  if (statement.predicate_type) form["predicateType"] = valid_utf8(*statement.predicate_type);
  if (statement.predicate.mismatch) form["mismatch"] = valid_utf8(*statement.predicate.mismatch);
  for (const auto& commit : statement.predicate.commits) form["commits"].push_back(valid_utf8(commit));
  if (statement.predicate.scan != nullptr) form["scan"] = scan_summary_json(*statement.predicate.scan);
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
  const auto listed = std::min(facts.rejected.size(), limits::kRecordedRejections);
  for (std::size_t i = 0; i < listed; ++i) rejected.push_back(rejection_json(facts.rejected[i]));
  return {{"authority", valid_utf8(facts.authority.text)},
          {"verified", std::move(verified)},
          {"rejected", std::move(rejected)},
          {"rejectedMore", facts.rejected.size() - listed}};
}

/// Whether to record the time of verification: it helps the reader of a denial, and some facts depend on it.
bool records_time(const SignatureFacts& facts) {
  return facts.asks_now || (!facts.satisfied && !facts.authorities.empty());
}

std::size_t weight_of(const std::string& text) {
  constexpr std::size_t kAllocation = 32;
  return kAllocation + text.capacity();
}

std::size_t weight_of(const std::map<std::string, std::string>& texts) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : texts) bytes += 96 + weight_of(name) + weight_of(value);
  return bytes;
}

std::size_t weight_of(const VerifiedSignature& signature) {
  const auto& statement = signature.statement();
  auto bytes = sizeof signature + weight_of(statement.authority.text) + weight_of(statement.signer) +
               weight_of(statement.annotations);
  if (statement.docker_reference) bytes += weight_of(*statement.docker_reference);
  for (const auto& log : statement.logs) bytes += weight_of(log);
  for (const auto& commit : statement.predicate.commits) bytes += weight_of(commit);
  if (statement.predicate.mismatch) bytes += weight_of(*statement.predicate.mismatch);
  if (statement.predicate.scan != nullptr) bytes += tegata::weight_of(*statement.predicate.scan);
  if (!statement.identity) return bytes;
  return bytes + weight_of(statement.identity->issuer) + weight_of(statement.identity->subject) +
         weight_of(statement.identity->extensions);
}

/// The candidates of one image while they are checked.
struct Check {
  Check(const SignatureVerifier& verifier, const Digest& of, Candidates found,
        std::shared_ptr<const TrustSettings> by, Time now)
      : digest(of),
        candidates(std::move(found)),
        trust(std::move(by)),
        run(verifier, digest, candidates, *trust, now) {}

  /// `status`: whether all steps were done.
  FactOf<SignatureKind> fact(const Status& status) {
    if (!status.ok()) return Unknown{status.error()};
    auto facts = std::make_shared<SignatureFacts>(std::move(run).facts());
    facts->satisfied = trust->suffices(digest, *facts);
    return Known<SharedFacts>{std::move(facts)};
  }

  const Digest digest;
  const Candidates candidates;
  const std::shared_ptr<const TrustSettings> trust;
  SignatureVerifier::Run run;
};

}  // namespace

void SignatureMaker::fetch(const FactKey<SignatureKind>& key, const FetchContext& context, Done done) const {
  const auto trust = key.question.united();
  discover_signatures(
      context.source, key.subject.repository, key.question.repository, *key.subject.digest, trust->reach,
      context.terms,
      [this, digest = *key.subject.digest, trust, now = context.now, terms = context.terms,
       work = context.work, done = std::move(done)](Candidates candidates) {
        if (candidates.image_absent) return done(Absent{});
        const auto check = std::make_shared<Check>(verifier_, digest, std::move(candidates), trust, now());
        work.run(
            terms, [check] { return check->run.step(); },
            [check, done](const Status& status) { done(check->fact(status)); });
      },
      settings_.memory);
}

std::optional<SignatureMaker::Duration> SignatureMaker::lifetime(const FactKey<SignatureKind>&,
                                                                 const FactOf<SignatureKind>& fact,
                                                                 FetchCost cost) const {
  const auto* known = std::get_if<Known<SharedFacts>>(&fact);
  if (known == nullptr) return settings_.absent_lifetime;
  const auto& facts = *known->value;
  if (facts.unknown) return std::nullopt;
  if (facts.satisfied && !facts.asks_now) return settings_.verified_lifetime;
  // A user who signs and deploys again should not wait long, unless the lookup is costly.
  const bool costly = facts.too_many || cost.requests > limits::kCheapFetch || facts.authorities.empty();
  return costly ? settings_.costly_rejected_lifetime : settings_.rejected_lifetime;
}

std::size_t SignatureMaker::weight(const SignatureFacts& facts) const {
  auto bytes = sizeof facts;
  for (const auto& authority : facts.authorities) {
    bytes += sizeof authority;
    for (const auto& signature : authority.verified) bytes += weight_of(signature);
    for (const auto& rejection : authority.rejected) bytes += sizeof rejection + weight_of(rejection.detail);
  }
  return bytes;
}

std::string SignatureMaker::write(const SignatureFacts& facts, const Evidence& evidence) const {
  auto authorities = json::array();
  for (const auto& authority : facts.authorities) authorities.push_back(authority_json(authority));
  json form{{"evidence", evidence.hash.empty() ? json() : json(evidence.hash)},
            {"candidates", facts.candidates},
            {"authorities", std::move(authorities)},
            {"tooMany", facts.too_many},
            {"unknown", facts.unknown ? error_json(*facts.unknown) : json()}};
  if (records_time(facts)) form["verifiedAt"] = facts.verified_at.time_since_epoch().count();
  return compact(form);
}

Result<Readback<SignatureKind>> SignatureMaker::read(const json& known) const {
  TEGATA_TRY(auto hash, string_member(known, "evidence"));
  RecordedEvidence evidence{std::move(hash).value_or("")};
  if (const auto* at = member(known, "verifiedAt")) {
    if (!at->is_number_integer()) return Error::malformed("recorded facts: verifiedAt must be an integer");
    evidence.made_at = Time(std::chrono::milliseconds(at->get<std::int64_t>()));
  }
  return Readback<SignatureKind>(std::move(evidence));
}

std::string SignatureMaker::write_question(const SignatureKind::Question& question) const {
  return "\"repository\":" + compact(question.repository.text());
}

bool SignatureMaker::is_about(const json& recorded, const SignatureKind::Question& question) const {
  const auto repository = string_member(recorded, "repository");
  return repository.ok() && *repository == question.repository.text();
}

SharedFacts SignatureMaker::made_at(SharedFacts value, Time time) const {
  if (!records_time(*value) || value->verified_at == time) return value;
  auto same = std::make_shared<SignatureFacts>(*value);
  same->verified_at = time;
  return same;
}

bool SignatureMaker::depends_on_time(const SignatureKind::Question& question) const {
  return asks_now(*question.united());
}

}  // namespace tegata::verifier
