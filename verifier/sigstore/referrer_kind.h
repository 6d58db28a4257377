// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>

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

/// Tells what a referrer is by its manifest's own content, never by what a list says of it
/// (reference/sigstore.md, D.2 d): artifactType, config.mediaType or the layer's mediaType begin with
/// `application/vnd.dev.sigstore.bundle`, and there is exactly one layer. A `subject` other than the
/// image is no reason to skip it: what the bundle signs decides. Bytes that are no manifest are a
/// Rejection.
[[nodiscard]] std::variant<BundleReferrer, ForeignReferrer, Rejection> referrer_kind(
    std::string_view manifest);

}  // namespace tegata::verifier
