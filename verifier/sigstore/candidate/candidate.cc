// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/candidate.h"

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/bundle.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::verifier {
namespace {

constexpr const char* kSignatureAnnotation = "dev.cosignproject.cosign/signature";
const Concern kSignatures{.signatures = true, .attestations = false};
const Concern kAttestations{.signatures = false, .attestations = true};

Examined refused(Concern concern, const Digest& layer, Rejection rejection) {
  rejection.candidate = layer;
  return {std::move(concern), std::move(rejection)};
}

OrRejection<std::string> signature_of(const SimpleSigningCandidate& candidate) {
  const auto annotation = candidate.annotations.find(kSignatureAnnotation);
  if (annotation == candidate.annotations.end() || annotation->second.empty())
    return reject(RejectionReason::SignatureAbsent, "the layer has no signature annotation, or an empty one");
  auto bytes = decode_base64(annotation->second);
  if (!bytes) return reject(RejectionReason::SignatureMalformed, "the signature annotation is not base64");
  return *std::move(bytes);
}

Examined examine_layer(const Digest& image, const SimpleSigningCandidate& candidate, Material material) {
  auto signature = signature_of(candidate);
  if (auto* rejection = std::get_if<Rejection>(&signature))
    return refused(kSignatures, candidate.layer, std::move(*rejection));
  auto payload = read_simple_signing(candidate.payload, image);
  if (auto* rejection = std::get_if<Rejection>(&payload))
    return refused(kSignatures, candidate.layer, std::move(*rejection));
  auto& claims = std::get<SimpleSigning>(payload);
  SignedClaims read{.message = candidate.payload,
                    .signatures = {std::get<std::string>(std::move(signature))},
                    .format = SignatureFormat::SimpleSigning,
                    .found_in = candidate.layer,
                    .docker_reference = std::move(claims.docker_reference),
                    .annotations = std::move(claims.annotations)};
  if (material == Material::Read) read.material = read_material(candidate.annotations);
  return {kSignatures, std::move(read)};
}

// Which authorities an envelope concerns, by the predicateType in its payload; or why it is rejected for all.
OrRejection<Concern> concern_of(const DsseEnvelope& envelope) {
  if (envelope.payload_type != kInTotoPayloadType)
    return reject(RejectionReason::PayloadOtherType,
                  "the payloadType is " + in_quotes(envelope.payload_type));
  auto type = predicate_type_of(envelope.payload);
  if (!type) return Concern{};
  if (*type == kCosignSignPredicate) return kSignatures;
  return Concern{.signatures = false, .attestations = true, .predicate_type = std::move(type)};
}

SignedClaims claims_of(DsseEnvelope envelope, const Digest& layer, SignatureFormat format) {
  SignedClaims claims{.message = pre_authentication_encoding(envelope.payload_type, envelope.payload),
                      .signatures = std::move(envelope.signatures),
                      .format = format,
                      .found_in = layer};
  claims.payload = std::move(envelope.payload);
  return claims;
}

Examined examine_envelope(const EnvelopeCandidate& candidate, Material material) {
  const auto document = parse_strict_json(candidate.json);
  if (!document.ok())
    return refused(kAttestations, candidate.layer,
                   reject(RejectionReason::PayloadMalformed, document.error()));
  auto read = read_dsse_envelope(*document);
  if (auto* rejection = std::get_if<Rejection>(&read))
    return refused(kAttestations, candidate.layer, std::move(*rejection));
  auto& envelope = std::get<DsseEnvelope>(read);
  auto concern = concern_of(envelope);
  if (auto* rejection = std::get_if<Rejection>(&concern))
    return refused(kAttestations, candidate.layer, std::move(*rejection));
  // An envelope in an `.att` manifest is never a signature of the image, whatever its predicateType.
  std::get<Concern>(concern).signatures = false;
  auto claims = claims_of(std::move(envelope), candidate.layer, SignatureFormat::Envelope);
  claims.envelope = candidate.json;
  if (material == Material::Read) claims.material = read_material(candidate.annotations);
  return {std::get<Concern>(std::move(concern)), std::move(claims)};
}

Examined examine_bundle(const Digest& image, const BundleCandidate& candidate) {
  auto parsed = parse_bundle(candidate.json);
  if (auto* rejection = std::get_if<Rejection>(&parsed))
    return refused({}, candidate.layer, std::move(*rejection));
  auto& bundle = std::get<Bundle>(parsed);
  auto* envelope = std::get_if<DsseEnvelope>(&bundle.content);
  if (!envelope)
    return refused({}, candidate.layer,
                   reject(RejectionReason::PayloadOtherType,
                          "the bundle holds a messageSignature; an image is signed by a DSSE envelope"));
  auto concern = concern_of(*envelope);
  if (auto* rejection = std::get_if<Rejection>(&concern))
    return refused({}, candidate.layer, std::move(*rejection));
  auto claims = claims_of(std::move(*envelope), candidate.layer, SignatureFormat::Bundle);
  claims.material = std::move(bundle.material);
  auto& whom = std::get<Concern>(concern);
  if (whom.signatures) {
    auto statement = read_sign_statement(*claims.payload, image);
    if (auto* rejection = std::get_if<Rejection>(&statement))
      return refused(std::move(whom), candidate.layer, std::move(*rejection));
    claims.annotations = std::move(std::get<SignStatement>(statement).annotations);
  }
  return {std::move(whom), std::move(claims)};
}

Concern concern_of(UnreadableCandidate::Of of) {
  switch (of) {
    case UnreadableCandidate::Of::Signatures:
      return kSignatures;
    case UnreadableCandidate::Of::Attestations:
      return kAttestations;
    case UnreadableCandidate::Of::Either:
      return {};
  }
  return {};
}

}  // namespace

Examined examine(const Digest& image, const Candidate& candidate, Material material) {
  if (const auto* unreadable = std::get_if<UnreadableCandidate>(&candidate))
    return {concern_of(unreadable->of), unreadable->rejection};
  if (const auto* layer = std::get_if<SimpleSigningCandidate>(&candidate))
    return examine_layer(image, *layer, material);
  if (const auto* envelope = std::get_if<EnvelopeCandidate>(&candidate))
    return examine_envelope(*envelope, material);
  return examine_bundle(image, std::get<BundleCandidate>(candidate));
}

}  // namespace tegata::verifier
