// SPDX-License-Identifier: Apache-2.0
#include "policy/document/diagnostics.h"
#include "policy/document/read_identity.h"
#include "policy/document/read_trusted_root.h"
#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

Demand demand_at(const Node& node, std::string_view name, Demand otherwise) {
  const auto word = text_at(node, name);
  if (word == "required") return Demand::Required;
  return word == "notRequired" ? Demand::NotRequired : otherwise;
}

std::string canonical(const ProofSettings& proof) {
  const auto letter = [](Demand demand) { return demand == Demand::Required ? '1' : '0'; };
  std::string text = "/proof";
  text += letter(proof.transparency_log);
  text += letter(proof.signed_timestamp);
  text += letter(proof.certificate_timestamp);
  return text + (proof.root ? proof.root->text() : "");
}

std::string canonical(const PredicateDemand& demand) {
  return "/attestation" + with_length(demand.predicate_type) + with_length(demand.text);
}

std::optional<Digest> known_file(const Reading& reading, const Node& node, std::string_view what,
                                 Result<Digest> (TrustResolver::*ask)(const std::string&)) {
  const auto path = absolute_path(reading, node.text);
  auto id = (reading.trust.*ask)(path);
  if (id.ok()) return *id;
  reading.wrong(node, "the " + std::string(what) + " cannot be used: " + id.error().message);
  return std::nullopt;
}

const Node* file_of(const Node& node) {
  const Node* file = node.find("file");
  return file != nullptr && file->kind == Node::Kind::Scalar && !file->text.empty() ? file : nullptr;
}

std::optional<Authority> read_key(const Reading& reading, const Node& node,
                                  std::vector<std::string>& doubts) {
  const Node* file = file_of(node);
  if (file == nullptr) return std::nullopt;
  const auto key = known_file(reading, *file, "key", &TrustResolver::key);
  if (!key) return std::nullopt;
  auto authority = key_authority(*key, file->text);
  authority.proof.transparency_log = demand_at(node, "transparencyLog", Demand::NotRequired);
  if (authority.proof.transparency_log == Demand::NotRequired) {
    if (node.find("trustedRoot") != nullptr)
      doubts.push_back("the 'trustedRoot' of the key " + in_quotes(file->text) +
                       " is not looked at: it says in which logs the key is believed, and 'transparencyLog: "
                       "required' is not asked for");
    return authority;
  }
  authority.proof.root = read_trusted_root(reading, node);
  if (!authority.proof.root) return std::nullopt;
  authority.id = AuthorityId("key" + with_length(key->text()) + canonical(authority.proof));
  return authority;
}

Authority certified(IdentityCriteria criteria, std::string name, std::optional<CertificateId> pinned,
                    ProofSettings proof) {
  AuthorityId id("certificate" + (pinned ? pinned->text() : "") + with_length(criteria.canonical()) +
                 canonical(proof));
  CertificateSigner signer{[criteria = std::move(criteria)](const CertificateIdentity& identity) {
                             return criteria.mismatch(identity);
                           },
                           pinned};
  return {std::move(id), std::move(name), std::move(signer), proof};
}

/// What must prove a signature made with a certificate; the words' defaults differ by kind.
ProofSettings read_proof(const Node& node, Demand by_default) {
  ProofSettings proof;
  proof.transparency_log = demand_at(node, "transparencyLog", by_default);
  proof.signed_timestamp = demand_at(node, "signedTimestamp", Demand::NotRequired);
  proof.certificate_timestamp = demand_at(node, "signedCertificateTimestamp", by_default);
  return proof;
}

std::optional<Authority> read_keyless(const Reading& reading, const Node& node,
                                      std::vector<std::string>& doubts) {
  auto proof = read_proof(node, Demand::Required);
  auto criteria = read_identity_criteria(reading, node, doubts);
  // A certificate of Fulcio is good for ten minutes, so that a signature without a proven time proves
  // nothing to later readers.
  if (proof.transparency_log == Demand::NotRequired && proof.signed_timestamp == Demand::NotRequired) {
    reading.wrong(
        node,
        "nothing would prove when it was signed: one of 'transparencyLog' and 'signedTimestamp' must be "
        "required");
    return std::nullopt;
  }
  if (!criteria) return std::nullopt;
  proof.root = read_trusted_root(reading, node);
  if (!proof.root) return std::nullopt;
  auto name = criteria->words();
  return certified(*std::move(criteria), std::move(name), std::nullopt, proof);
}

std::optional<Authority> read_certificate(const Reading& reading, const Node& node,
                                          std::vector<std::string>& doubts) {
  auto proof = read_proof(node, Demand::NotRequired);
  auto criteria = read_identity_criteria(reading, node, doubts);
  std::optional<CertificateId> pinned;
  const Node* file = file_of(node);
  if (file != nullptr) pinned = known_file(reading, *file, "certificate", &TrustResolver::certificate);
  proof.root = read_trusted_root(reading, node);
  if (!criteria || !proof.root || (file != nullptr && !pinned)) return std::nullopt;
  auto name = (file == nullptr ? "" : file->text + ", ") + criteria->words();
  return certified(*std::move(criteria), std::move(name), pinned, proof);
}

}  // namespace

std::optional<Authority> read_authority(const Reading& reading, const Node& item,
                                        const std::optional<PredicateDemand>& attestation,
                                        std::vector<std::string>& doubts) {
  std::optional<Authority> authority;
  if (const Node* key = item.find("key"))
    authority = read_key(reading, *key, doubts);
  else if (const Node* keyless = item.find("keyless"))
    authority = read_keyless(reading, *keyless, doubts);
  else if (const Node* certificate = item.find("certificate"))
    authority = read_certificate(reading, *certificate, doubts);
  if (!authority || !attestation) return authority;
  authority->id.text += canonical(*attestation);
  authority->attestation = attestation;
  return authority;
}

}  // namespace tegata::policy
