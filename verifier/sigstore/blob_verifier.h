// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "verifier/sigstore/proof/prove_signer.h"

namespace tegata::verifier {

/// What a bundle must hold to count for an artifact.
enum class Speaks {
  AnyBundle,   ///< a signature, or an attestation of any type, as in Sigstore's conformance suite
  AsAskedFor,  ///< an attestation of the type that the authority requires; without one, only a signature
};

/// Whether a bundle (v0.1 to v0.3) was made by `authority` for one artifact, given by its bytes or by
/// a hash. The digest in a message signature must be the artifact's, and a statement must name the artifact
/// by its sha256 or sha512 (PayloadOtherImage); digests of other algorithms than the given ones do not count.
/// PayloadOtherType: `speaks` does not allow the content. Otherwise as prove_signer. If a signature is
/// required, cosign's older format (read_cosign_bundle()) is read too.
[[nodiscard]] OrRejection<ProvenSigner> verify_blob_bundle(const SignedMessage& artifact,
                                                           std::string_view bundle, Speaks speaks,
                                                           const Authority& authority,
                                                           const TrustMaterial& trust, Time now);

/// Whether one of `signatures` over an artifact was made by `authority`. There is no other material, so
/// the certificate is the one that the authority pins.
[[nodiscard]] OrRejection<ProvenSigner> verify_blob_signature(const SignedMessage& artifact,
                                                              std::span<const std::string> signatures,
                                                              const Authority& authority,
                                                              const TrustMaterial& trust, Time now);

}  // namespace tegata::verifier
