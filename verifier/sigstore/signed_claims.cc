// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signed_claims.h"

#include "verifier/crypto/base64.h"
#include "verifier/sigstore/bundle.h"
#include "verifier/sigstore/simple_signing.h"
#include "verifier/sigstore/statement.h"

namespace tegata::verifier {
namespace {

constexpr const char* kSignatureAnnotation = "dev.cosignproject.cosign/signature";

Rejection about(const Digest& layer, Rejection rejection) {
  rejection.candidate = layer;
  return rejection;
}

OrRejection<std::string> signature_of(const SimpleSigningCandidate& candidate) {
  const auto annotation = candidate.annotations.find(kSignatureAnnotation);
  if (annotation == candidate.annotations.end() || annotation->second.empty())
    return reject(RejectionReason::SignatureAbsent, "the layer has no signature annotation, or an empty one");
  auto bytes = decode_base64(annotation->second);
  if (!bytes) return reject(RejectionReason::SignatureMalformed, "the signature annotation is not base64");
  return *std::move(bytes);
}

OrRejection<SignedClaims> examine_layer(const Digest& image, const SimpleSigningCandidate& candidate) {
  auto signature = signature_of(candidate);
  if (auto* rejection = std::get_if<Rejection>(&signature)) return std::move(*rejection);
  auto payload = read_simple_signing(candidate.payload, image);
  if (auto* rejection = std::get_if<Rejection>(&payload)) return std::move(*rejection);
  auto& claims = std::get<SimpleSigning>(payload);
  return SignedClaims{
      candidate.payload, std::get<std::string>(std::move(signature)), SignatureFormat::SimpleSigning,
      candidate.layer,   std::move(claims.docker_reference),          std::move(claims.annotations)};
}

Examined examine_bundle(const Digest& image, const BundleCandidate& candidate) {
  auto parsed = parse_bundle(candidate.json);
  if (auto* rejection = std::get_if<Rejection>(&parsed)) return std::move(*rejection);
  auto& bundle = std::get<Bundle>(parsed);
  if (!bundle.envelope)
    return reject(RejectionReason::PayloadOtherType,
                  "the bundle holds a messageSignature; an image is signed by a DSSE envelope");
  const DsseEnvelope& envelope = *bundle.envelope;
  if (envelope.payload_type != kInTotoPayloadType)
    return reject(RejectionReason::PayloadOtherType,
                  "the payloadType is " + in_quotes(envelope.payload_type));
  if (!may_be_image_signature(envelope.payload)) return NoCandidate{};
  if (bundle.signed_with == Bundle::SignedWith::Certificate)
    return reject(RejectionReason::BundleNeedsIdentity,
                  "the bundle was signed with a certificate, which a key cannot vouch for");
  auto statement = read_sign_statement(envelope.payload, image);
  if (auto* rejection = std::get_if<Rejection>(&statement)) return std::move(*rejection);
  return SignedClaims{pre_authentication_encoding(envelope.payload_type, envelope.payload),
                      envelope.signatures.front(),
                      SignatureFormat::Bundle,
                      candidate.layer,
                      std::nullopt,
                      std::move(std::get<SignStatement>(statement).annotations)};
}

}  // namespace

Examined examine(const Digest& image, const Candidate& candidate) {
  if (const auto* unreadable = std::get_if<UnreadableCandidate>(&candidate)) return unreadable->rejection;
  if (const auto* layer = std::get_if<SimpleSigningCandidate>(&candidate)) {
    auto examined = examine_layer(image, *layer);
    if (auto* rejection = std::get_if<Rejection>(&examined))
      return about(layer->layer, std::move(*rejection));
    return std::get<SignedClaims>(std::move(examined));
  }
  const auto& bundle = std::get<BundleCandidate>(candidate);
  Examined examined = examine_bundle(image, bundle);
  if (auto* rejection = std::get_if<Rejection>(&examined)) return about(bundle.layer, std::move(*rejection));
  return examined;
}

}  // namespace tegata::verifier
