// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/virtual_stages.h"

#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/candidate/bundle.h"
#include "verifier/sigstore/proof/certified_identity.h"
#include "verifier/sigstore/proof/prove_time.h"

namespace tegata::testing {
namespace {

using namespace verifier;

template <typename T>
std::string word(const OrRejection<T>& result) {
  const auto* rejection = std::get_if<Rejection>(&result);
  return rejection == nullptr ? "good" : std::string(name_of(rejection->reason));
}

/// Throws where the candidate cannot even be read: no test here means that.
template <typename T>
const T& read(const OrRejection<T>& part) {
  if (const auto* rejection = std::get_if<Rejection>(&part)) throw std::runtime_error(rejection->detail);
  return std::get<T>(part);
}

OrRejection<LogProof> log_stage(const StagedCandidate& candidate, const TrustedRoot& root,
                                const PublicKey& key, const std::string& certificate) {
  return verify_log_entries(read(candidate.material.log_entries),
                            {.signature = candidate.signature,
                             .message = SignedMessage::of_bytes(candidate.message),
                             .certificate_der = certificate,
                             .public_key_der = key.der(),
                             .key_algorithm = key.algorithm(),
                             .dsse_payload = candidate.payload,
                             .dsse_envelope = candidate.envelope},
                            root);
}

}  // namespace

StagedCandidate bundle_parts(const std::string& bundle) {
  const auto parsed = parse_bundle(bundle);
  const auto& envelope = std::get<DsseEnvelope>(read(parsed).content);
  return {read(parsed).material, pre_authentication_encoding(envelope.payload_type, envelope.payload),
          envelope.signatures.at(0), envelope.payload};
}

StagedCandidate message_parts(const std::string& bundle, const std::string& artifact) {
  const auto parsed = parse_bundle(bundle);
  return {read(parsed).material, artifact, std::get<MessageSignature>(read(parsed).content).signature};
}

StagedCandidate signature_parts(const SignedLayer& layer) {
  return {read_material(layer.annotations), layer.blob,
          decode_base64(layer.annotations.at("dev.cosignproject.cosign/signature")).value()};
}

StagedCandidate attestation_parts(const SignedLayer& layer) {
  const auto read_envelope = read_dsse_envelope(nlohmann::json::parse(layer.blob));
  const auto& envelope = read(read_envelope);
  return {read_material(layer.annotations),
          pre_authentication_encoding(envelope.payload_type, envelope.payload), envelope.signatures.at(0),
          envelope.payload, layer.blob};
}

Stages stages(const StagedCandidate& candidate, const TrustedRoot& root, const VirtualKey* key) {
  Stages result;
  const auto& leaf = read(candidate.material.certificate);
  const PublicKey signer = leaf ? *leaf->public_key() : *PublicKey::parse_der(key->public_key_der());
  if (signer.check(candidate.message, candidate.signature) != SignatureCheck::Good) result.signature = "bad";

  const auto log = log_stage(candidate, root, signer, leaf ? leaf->der() : "");
  result.log = word(log);
  std::vector<Time> times;
  if (const auto* proof = std::get_if<LogProof>(&log)) times = proof->integrated_times;
  result.integrated_times = static_cast<int>(times.size());

  const auto stamped = read(verified_timestamps(read(candidate.material.timestamps),
                                                candidate.envelope.value_or(candidate.signature), root));
  result.timestamps = static_cast<int>(stamped.size());
  times.insert(times.end(), stamped.begin(), stamped.end());

  if (times.empty()) times = {kSigningTime};
  result.certificate = leaf ? word(certified_identity(*leaf, read(candidate.material.intermediates), times,
                                                      root, Demand::Required))
                            : "none";
  return result;
}

TrustedRoot root_of(const VirtualSigstore& world) {
  auto root = parse_trusted_root(world.trusted_root_json());
  if (!root.ok()) throw std::runtime_error(root.error().message);
  return *std::move(root);
}

}  // namespace tegata::testing
