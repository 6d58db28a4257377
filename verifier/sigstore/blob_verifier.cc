// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/blob_verifier.h"

#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/candidate/bundle.h"
#include "verifier/sigstore/candidate/signed_payload.h"
#include "verifier/sigstore/candidate/signing_material.h"

namespace tegata::verifier {
namespace {

OrRejection<ProvenSigner> prove_message(const SignedMessage& artifact, const MessageSignature& signature,
                                        const SigningMaterial& material, const Authority& authority,
                                        const TrustMaterial& trust, Time now) {
  const auto digest = artifact.digest(signature.algorithm);
  if (!digest)
    return reject(RejectionReason::PayloadOtherImage,
                  "the bundle names the artifact by a hash that was not given; give the file");
  if (*digest != signature.digest)
    return reject(RejectionReason::PayloadOtherImage, "the bundle's messageDigest is of another artifact");
  const std::vector signatures{signature.signature};
  return prove_signer(SignedContent{artifact, signatures, material}, authority, trust, now);
}

// A statement may name the artifact by any of these hashes; one match is enough.
std::optional<Rejection> not_about(std::string_view payload, const SignedMessage& artifact) {
  std::optional<Rejection> rejection;
  for (const auto& [name, algorithm] :
       {std::pair{"sha256", HashAlgorithm::Sha256}, {"sha512", HashAlgorithm::Sha512}}) {
    const auto digest = artifact.digest(algorithm);
    if (!digest) continue;
    rejection = verifier::not_about(payload, name, encode_hex(*digest));
    if (!rejection || rejection->reason != RejectionReason::PayloadOtherImage) return rejection;
  }
  if (!rejection)
    return reject(RejectionReason::PayloadOtherImage,
                  "the artifact's sha256 and sha512 are not known, so a statement cannot name it");
  return rejection;
}

std::optional<Rejection> of_another_type(const DsseEnvelope& envelope, Speaks speaks,
                                         const Authority& authority) {
  if (envelope.payload_type != kInTotoPayloadType)
    return reject(RejectionReason::PayloadOtherType,
                  "the payloadType is " + in_quotes(envelope.payload_type));
  if (speaks == Speaks::AnyBundle) return std::nullopt;
  if (!authority.attestation)
    return reject(RejectionReason::PayloadOtherType,
                  "the bundle holds an attestation, but a signature is required");
  const auto type = predicate_type_of(envelope.payload);
  if (type && *type == authority.attestation->predicate_type) return std::nullopt;
  return reject(RejectionReason::PayloadOtherType,
                "the predicateType is " + (type ? in_quotes(*type) : "not readable"));
}

OrRejection<ProvenSigner> prove_envelope(const SignedMessage& artifact, const DsseEnvelope& envelope,
                                         const SigningMaterial& material, const Authority& authority,
                                         const TrustMaterial& trust, Time now) {
  const auto message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  SignedContent content{SignedMessage::of_bytes(message), envelope.signatures, material};
  content.dsse_payload = envelope.payload;
  auto proven = prove_signer(content, authority, trust, now);
  if (std::holds_alternative<Rejection>(proven)) return proven;
  if (auto rejection = not_about(envelope.payload, artifact)) return *std::move(rejection);
  return proven;
}

OrRejection<ProvenSigner> prove_cosign_bundle(const SignedMessage& artifact, std::string_view bundle,
                                              const Authority& authority, const TrustMaterial& trust,
                                              Time now) {
  const auto read = read_cosign_bundle(bundle);
  if (const auto* rejection = std::get_if<Rejection>(&read)) return *rejection;
  const auto& [signature, material] = std::get<CosignBundle>(read);
  const std::vector signatures{signature};
  SignedContent content{artifact, signatures, material};
  content.certificate = SignedContent::Certificate::MayBeIgnored;
  return prove_signer(content, authority, trust, now);
}

}  // namespace

OrRejection<ProvenSigner> verify_blob_bundle(const SignedMessage& artifact, std::string_view bundle,
                                             Speaks speaks, const Authority& authority,
                                             const TrustMaterial& trust, Time now) {
  if (speaks == Speaks::AsAskedFor && !authority.attestation && is_cosign_bundle(bundle))
    return prove_cosign_bundle(artifact, bundle, authority, trust, now);
  auto parsed = parse_bundle(bundle);
  if (auto* rejection = std::get_if<Rejection>(&parsed)) return std::move(*rejection);
  const auto& [material, content] = std::get<Bundle>(parsed);
  if (const auto* signature = std::get_if<MessageSignature>(&content)) {
    if (speaks == Speaks::AsAskedFor && authority.attestation)
      return reject(RejectionReason::PayloadOtherType,
                    "the bundle holds a signature, but an attestation is required");
    return prove_message(artifact, *signature, material, authority, trust, now);
  }
  const auto& envelope = std::get<DsseEnvelope>(content);
  if (auto rejection = of_another_type(envelope, speaks, authority)) return *std::move(rejection);
  return prove_envelope(artifact, envelope, material, authority, trust, now);
}

OrRejection<ProvenSigner> verify_blob_signature(const SignedMessage& artifact,
                                                std::span<const std::string> signatures,
                                                const Authority& authority, const TrustMaterial& trust,
                                                Time now) {
  const SigningMaterial nothing;
  SignedContent content{artifact, signatures, nothing};
  content.certificate = SignedContent::Certificate::MayBeIgnored;
  auto proven = prove_signer(content, authority, trust, now);
  if (auto* rejection = std::get_if<Rejection>(&proven);
      rejection != nullptr && rejection->reason == RejectionReason::OtherSigner)
    rejection->detail += ", or not over this file";
  return proven;
}

}  // namespace tegata::verifier
