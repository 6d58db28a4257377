// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_size.h"

namespace tegata::verifier {
namespace {

/// List node, two index nodes' worth of keys, control blocks.
constexpr std::size_t kEntry = 256;
constexpr std::size_t kAllocation = 32;

std::size_t bytes_of(const std::string& text) { return kAllocation + text.capacity(); }
std::size_t bytes_of(const Repository& repository) {
  return bytes_of(repository.registry) + bytes_of(repository.path);
}

std::size_t bytes_of(const VerifiedSignature& signature) {
  auto bytes = sizeof signature;
  if (signature.docker_reference()) bytes += bytes_of(*signature.docker_reference());
  for (const auto& [name, value] : signature.annotations())
    bytes += sizeof(std::string) * 2 + kAllocation + bytes_of(name) + bytes_of(value);
  const auto& statement = signature.statement();
  bytes += bytes_of(statement.authority.text) + bytes_of(statement.signer);
  for (const auto& log : statement.logs) bytes += bytes_of(log);
  for (const auto& commit : statement.predicate.commits) bytes += bytes_of(commit);
  if (statement.predicate.mismatch) bytes += bytes_of(*statement.predicate.mismatch);
  if (!statement.identity) return bytes;
  bytes += bytes_of(statement.identity->issuer) + bytes_of(statement.identity->subject);
  for (const auto& [name, value] : statement.identity->extensions)
    bytes += 2 * kAllocation + bytes_of(name) + bytes_of(value);
  return bytes;
}

}  // namespace

std::size_t bytes_of(const TagKey& key) {
  return kEntry + sizeof key + bytes_of(key.repository) + bytes_of(key.tag);
}

std::size_t bytes_of(const ImageKey& key) { return kEntry + sizeof key + bytes_of(key.repository); }

std::size_t bytes_of(const ImageLabels& labels) {
  auto bytes = sizeof labels + bytes_of(labels.evidence_hash);
  if (labels.evidence) bytes += bytes_of(*labels.evidence);
  for (const auto* texts : {&labels.annotations, &labels.labels})
    for (const auto& [name, value] : *texts)
      bytes += sizeof(std::string) * 2 + kAllocation + bytes_of(name) + bytes_of(value);
  return bytes;
}

std::size_t bytes_of(const SignatureKey& key) {
  return kEntry + sizeof key + bytes_of(key.image) + bytes_of(key.signatures);
}

std::size_t bytes_of(const SignatureFacts& facts) {
  auto bytes = sizeof facts + bytes_of(facts.evidence_hash);
  if (facts.evidence) bytes += bytes_of(*facts.evidence);
  if (facts.unknown) bytes += bytes_of(facts.unknown->message);
  for (const auto& authority : facts.authorities) {
    bytes += sizeof authority;
    for (const auto& signature : authority.verified) bytes += bytes_of(signature);
    for (const auto& rejection : authority.rejected) bytes += sizeof rejection + bytes_of(rejection.detail);
  }
  return bytes;
}

}  // namespace tegata::verifier
