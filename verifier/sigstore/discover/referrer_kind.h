// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "verifier/oci/manifest.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A referrer that is not a candidate: an SBOM, or a signature of another signing system.
struct ForeignReferrer {};

/// The only layer of the manifest, which holds a bundle, and whether the manifest's annotation names another
/// predicateType than that of a signature. The annotation is not signed: it only decides which bundles are
/// fetched first.
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

/// Determines the kind of a referrer from its manifest, never from the list that names it. artifactType
/// or config.mediaType (OCI image-spec, manifest.md) decide:
/// - `application/vnd.dev.sigstore.bundle…`, also as the layer's mediaType, with exactly one layer: a bundle;
/// - `application/vnd.dev.cosign.artifact.sig.v1+json`: signatures, in layers of any mediaType;
/// - `application/vnd.in-toto+json`: attestations, in layers of `application/vnd.dsse.envelope.v1+json`.
/// A `subject` other than the image does not matter: the signed content decides. Bytes that are not a
/// manifest are a Rejection.
[[nodiscard]] ReferrerKind referrer_kind(std::string_view manifest);

}  // namespace tegata::verifier
