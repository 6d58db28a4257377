// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_rule.h"
#include "policy/document/read_signers.h"
#include "policy/rules/image_rules.h"
#include "policy/rules/predicate_alias.h"
#include "policy/rules/provenance.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kImageSignature = "https://sigstore.dev/cosign/sign/v1";

std::optional<UriGlob> glob_at(const Reading& reading, const Node& node, std::string_view name) {
  const Node* written = node.find(name);
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto glob = UriGlob::parse(written->text);
  if (glob.ok()) return *std::move(glob);
  tell_not(reading, *written, "a glob", glob.error());
  return std::nullopt;
}

ProvenanceCriteria read_provenance(const Reading& reading, const Node& node) {
  ProvenanceCriteria criteria;
  criteria.builder = glob_at(reading, node, "builder");
  criteria.source_repository = glob_at(reading, node, "sourceRepository");
  if (const auto type = text_at(node, "buildType"); !type.empty()) criteria.build_type = type;
  for (const auto& text : texts_at(node, "baseImages"))
    if (auto digest = Digest::parse(text); digest.ok()) criteria.base_images.push_back(*digest);
  return criteria;
}

struct ReadingSettings {
  std::string type;
  std::vector<Condition> where;
  ProvenanceCriteria criteria;

  [[nodiscard]] auto parts() const {
    const auto& [uri, conditions, build] = *this;
    return std::tie(uri, conditions, build);
  }
};

PredicateReading read_predicate(const ReadingSettings& settings, const Value& predicate, Time now) {
  auto outcome = evaluate(settings.where, predicate, now);
  PredicateReading reading{std::move(outcome.mismatch), outcome.until, {}};
  if (!is_provenance(settings.type)) return reading;
  auto provenance = provenance_of(settings.type, predicate);
  if (!reading.mismatch) reading.mismatch = settings.criteria.mismatch(provenance);
  reading.commits = std::move(provenance.commits);
  return reading;
}

PredicateDemand demand_of(const std::string& type, std::vector<Condition> where,
                          ProvenanceCriteria criteria) {
  const bool timed = asks_now(where);
  return {type, {ReadingSettings{type, std::move(where), std::move(criteria)}, read_predicate}, timed};
}

}  // namespace

AttestationCheck read_attestation(const Reading& reading, const Node& node) {
  AttestationCheck check;
  check.type = text_at(node, "type");
  check.predicate_type = predicate_type_named(check.type).value_or(check.type);
  const Node* provenance = node.find("provenance");
  if (check.predicate_type == kImageSignature)
    reading.wrong(*node.find("type"), "this type is a signature of the image: ask for it with 'signature'");
  if (provenance != nullptr && !is_provenance(check.predicate_type))
    reading.wrong(*provenance,
                  "'provenance' looks into SLSA provenance only: expected the type slsaprovenance or "
                  "slsaprovenance1");
  auto criteria = provenance == nullptr ? ProvenanceCriteria{} : read_provenance(reading, *provenance);
  auto where = read_conditions(reading, items_at(node, "where"));
  read_signers(reading, node, demand_of(check.predicate_type, std::move(where), std::move(criteria)), check);
  check.trust = TrustSettings::of(check.trust->authorities, sufficiency_of(check));
  return check;
}

}  // namespace tegata::policy
