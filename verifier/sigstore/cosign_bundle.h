// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/signing_material.h"

namespace tegata::verifier {

/// What `cosign sign-blob --bundle` wrote about a file before sigstore's own bundles, and writes on demand
/// (sigstore/cosign, pkg/cosign: LocalSignedPayload).
struct CosignBundle {
  std::string signature;
  SigningMaterial material;
};

/// Whether a document is meant as one: a JSON object with a base64Signature.
[[nodiscard]] bool is_cosign_bundle(std::string_view json);

/// Reads `base64Signature`, `cert` (PEM of a certificate or public key, in base64 or as it is; a public key
/// is not looked at) and `rekorBundle` (as in the annotation of a layer). BundleMalformed: not strict JSON,
/// an unknown member, a part of another type. What is in certificate and log entry is read as read_material
/// does.
[[nodiscard]] OrRejection<CosignBundle> read_cosign_bundle(std::string_view json);

}  // namespace tegata::verifier
