// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "verifier/oci/manifest.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A referrer that is none of our business: an SBOM, another signing system's signature.
struct ForeignReferrer {};

/// The one layer that holds a bundle, and whether the manifest's own annotation says that the bundle
/// is of another predicateType than a signature's. Nobody signed that annotation: it decides which
/// bundles are fetched first, and nothing else.
struct BundleReferrer {
  Layer layer;
  bool says_attestation = false;
};

/// What cosign 2 writes with `--registry-referrers-mode oci-1-1`: the layers of a `.sig` manifest.
struct SignatureReferrer {
  std::vector<Layer> layers;
};
/// The same of attestations: the layers of an `.att` manifest.
struct AttestationReferrer {
  std::vector<Layer> layers;
};

using ReferrerKind =
    std::variant<BundleReferrer, SignatureReferrer, AttestationReferrer, ForeignReferrer, Rejection>;

/// Tells what a referrer is by its manifest's own content, never by what a list says of it. artifactType
/// or config.mediaType (OCI image-spec, manifest.md) decide:
/// - `application/vnd.dev.sigstore.bundle…`, also as the layer's mediaType, with exactly one layer: a bundle;
/// - `application/vnd.dev.cosign.artifact.sig.v1+json`: signatures, in layers of any mediaType;
/// - `application/vnd.in-toto+json`: attestations, in layers of `application/vnd.dsse.envelope.v1+json`.
/// A `subject` other than the image is no reason to skip it: what is signed decides. Bytes that are not a
/// manifest are a Rejection.
[[nodiscard]] ReferrerKind referrer_kind(std::string_view manifest);

}  // namespace tegata::verifier
