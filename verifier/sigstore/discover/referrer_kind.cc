// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/discover/referrer_kind.h"

#include <nlohmann/json.hpp>

#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kBundlePrefix = "application/vnd.dev.sigstore.bundle";
constexpr std::string_view kSignatureType = "application/vnd.dev.cosign.artifact.sig.v1+json";
constexpr std::string_view kAttestationType = "application/vnd.in-toto+json";
constexpr std::string_view kEnvelopeType = "application/vnd.dsse.envelope.v1+json";
constexpr const char* kPredicateAnnotation = "dev.sigstore.bundle.predicateType";

bool is_bundle(const Manifest& manifest) {
  return manifest.layers.size() == 1 &&
         (manifest.artifact_type.starts_with(kBundlePrefix) ||
          manifest.config.media_type.starts_with(kBundlePrefix) ||
          manifest.layers.front().descriptor.media_type.starts_with(kBundlePrefix));
}

bool is_of_type(const Manifest& manifest, std::string_view type) {
  return manifest.artifact_type == type || manifest.config.media_type == type;
}

// BuildKit and others also store unsigned statements in layers of these manifests.
AttestationReferrer envelopes_of(std::vector<Layer> layers) {
  std::erase_if(layers, [](const Layer& layer) { return layer.descriptor.media_type != kEnvelopeType; });
  return {std::move(layers)};
}

bool says_attestation(const Manifest& manifest) {
  const auto annotation = manifest.annotations.find(kPredicateAnnotation);
  return annotation != manifest.annotations.end() && annotation->second != kCosignSignPredicate;
}

// A document of a type that does not hold signatures, such as an ORAS artifact manifest.
bool is_of_another_kind(std::string_view bytes) {
  const auto document = parse_strict_json(bytes);
  if (!document.ok()) return false;
  const auto media_type = string_member(*document, "mediaType");
  return media_type.ok() && *media_type && !(**media_type).starts_with("application/vnd.oci.image.") &&
         !(**media_type).starts_with("application/vnd.docker.distribution.");
}

}  // namespace

ReferrerKind referrer_kind(std::string_view bytes) {
  auto parsed = parse_manifest(bytes);
  if (!parsed.ok()) {
    if (is_of_another_kind(bytes)) return ForeignReferrer{};
    return reject(RejectionReason::BundleMalformed, parsed.error().in("the referrer is not a manifest"));
  }
  auto* manifest = std::get_if<Manifest>(&*parsed);
  if (manifest == nullptr) return ForeignReferrer{};
  if (is_bundle(*manifest))
    return BundleReferrer{std::move(manifest->layers.front()), says_attestation(*manifest)};
  if (is_of_type(*manifest, kSignatureType)) return SignatureReferrer{std::move(manifest->layers)};
  if (is_of_type(*manifest, kAttestationType)) return envelopes_of(std::move(manifest->layers));
  return ForeignReferrer{};
}

}  // namespace tegata::verifier
