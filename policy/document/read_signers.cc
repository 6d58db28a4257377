// SPDX-License-Identifier: Apache-2.0
#include "policy/document/reading.h"

#include <set>

#include "policy/document/diagnostics.h"
#include "policy/document/shape.h"
#include "policy/model/limits.h"
#include "policy/rules/provenance.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

using Combine = SignerDemand::Combine;

std::vector<Authority> read_authorities(const Reading& reading, const std::vector<Node>& items,
                                        const std::optional<PredicateDemand>& attestation,
                                        std::vector<std::string>& warnings) {
  std::vector<Authority> authorities;
  if (items.size() > limits::kAuthorities) return authorities;
  for (const auto& item : items)
    if (auto authority = read_authority(reading, item, attestation, warnings))
      authorities.push_back(*std::move(authority));
  return authorities;
}

/// How many signers there can be at most: a key is one, whatever else is required of it.
std::size_t distinct_signers(const std::vector<Authority>& authorities) {
  std::set<std::string> signers;
  for (const auto& authority : authorities) {
    const auto* key = std::get_if<KeySigner>(&authority.signer);
    signers.insert(key != nullptr ? key->key.text() : authority.id.text);
  }
  return signers.size();
}

bool are_keys(const std::vector<Authority>& authorities) {
  for (const auto& authority : authorities)
    if (!std::holds_alternative<KeySigner>(authority.signer)) return false;
  return true;
}

/// `readable` is how many of the written authorities could be read. Where that is not all of them, their
/// own errors say so, and how many distinct ones there are is not known.
void read_threshold(const Reading& reading, const Node& node, std::size_t readable, SignerDemand& demand) {
  const Node* threshold = node.find("threshold");
  if (threshold == nullptr) return;
  demand.combine = Combine::Threshold;
  demand.threshold = decimal(*threshold).value_or(1);
  const auto written = items_at(node, "of").size();
  const auto distinct = distinct_signers(demand.trust->authorities);
  if (demand.threshold <= distinct || readable != written || written == 0) return;
  const std::string noun = are_keys(demand.trust->authorities) ? "key" : "signer";
  auto message = "a threshold of " + std::to_string(demand.threshold) + " can never be met: 'of' has " +
                 std::to_string(distinct) + " distinct " + noun + (distinct == 1 ? "" : "s");
  if (written > distinct) message += " (" + std::to_string(written) + " are written)";
  reading.wrong(*threshold, std::move(message));
}

std::optional<Repository> read_repository(const Reading& reading, const Node& node) {
  const Node* written = node.find("repository");
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto repository = Repository::parse(written->text);
  if (repository.ok()) return *std::move(repository);
  reading.wrong(*written, in_quotes(written->text) + " is not a repository: " + repository.error().message);
  return std::nullopt;
}

}  // namespace

void read_signers(const Reading& reading, const Node& node, const std::optional<PredicateDemand>& attestation,
                  SignerDemand& demand) {
  std::vector<Authority> authorities;
  for (const auto* word : {"anyOf", "allOf", "of"})
    if (auto read = read_authorities(reading, items_at(node, word), attestation, demand.warnings);
        !read.empty())
      authorities = std::move(read);
  demand.combine = node.find("allOf") != nullptr ? Combine::AllOf : Combine::AnyOf;
  const auto readable = authorities.size();
  demand.trust = TrustSettings::of(std::move(authorities));
  read_threshold(reading, node, readable, demand);
  demand.repository = read_repository(reading, node);
}

std::string absolute_path(const Reading& reading, const std::string& path) {
  const auto& folder = reading.document.folder;
  // A reference to a key store (`k8s://…`, `pkcs11:…`) is left for the resolver, which says what it is.
  const bool reference = path.find("://") != std::string::npos || path.starts_with("pkcs11:");
  if (path.starts_with('/') || folder.empty() || reference) return path;
  return folder + (folder.ends_with('/') ? "" : "/") + path;
}

void report_invalid(const Reading& reading, const Node& node, std::string_view what, const Error& error) {
  reading.wrong(node, in_quotes(node.text) + " is not " + std::string(what) + ": " + error.message);
}

namespace {

std::optional<ImageGlob> read_identity(const Reading& reading, const Node& node) {
  const Node* written = node.find("identity");
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto glob = ImageGlob::parse(written->text);
  if (glob.ok()) return *std::move(glob);
  reading.wrong(*written, in_quotes(written->text) + " is not an image glob: " + glob.error().message);
  return std::nullopt;
}

}  // namespace

SignatureCheck read_signature(const Reading& reading, const Node& node) {
  SignatureCheck check;
  read_signers(reading, node, std::nullopt, check);
  if (const Node* annotations = node.find("annotations"))
    for (const auto& child : annotations->children) check.annotations.emplace(child.key, child.text);
  check.identity = read_identity(reading, node);
  check.trust = TrustSettings::of(check.trust->authorities, sufficiency_of(check));
  return check;
}

namespace {

constexpr std::string_view kImageSignature = "https://sigstore.dev/cosign/sign/v1";

std::optional<UriGlob> glob_at(const Reading& reading, const Node& node, std::string_view name) {
  const Node* written = node.find(name);
  if (written == nullptr || written->kind != Node::Kind::Scalar) return std::nullopt;
  auto glob = UriGlob::parse(written->text);
  if (glob.ok()) return *std::move(glob);
  report_invalid(reading, *written, "a glob", glob.error());
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
    reading.wrong(*node.find("type"), "this type is a signature of the image: use 'signature'");
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
