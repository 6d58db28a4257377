// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "verifier/sigstore/proof/prove_signer.h"

namespace tegata::verifier {

/// What a bundle may hold to speak for an artifact.
enum class Speaks {
  AnyBundle,   ///< a signature, or an attestation of whatever type, as Sigstore's conformance suite asks
  AsAskedFor,  ///< where the authority asks for an attestation, one of that type; else a signature alone
};

/// Whether a bundle (v0.1 to v0.3) was made by `authority` for one artifact, of which the bytes or a hash
/// are known. The digest in a message signature must be the artifact's, and a statement must name the
/// artifact by its sha256 or sha512 (PayloadOtherImage); a digest of which the artifact's is not known is
/// none. PayloadOtherType: not what may speak. Otherwise as prove_signer. Where a signature is asked for,
/// cosign's own older form (cosign_bundle.h) is read too.
[[nodiscard]] OrRejection<ProvenSigner> verify_blob_bundle(const SignedMessage& artifact,
                                                           std::string_view bundle, Speaks speaks,
                                                           const Authority& authority,
                                                           const TrustMaterial& trust, Time now);

/// Whether one of `signatures` over an artifact was made by `authority`. Nothing else came with them; the
/// certificate is the one that is pinned.
[[nodiscard]] OrRejection<ProvenSigner> verify_blob_signature(const SignedMessage& artifact,
                                                              std::span<const std::string> signatures,
                                                              const Authority& authority,
                                                              const TrustMaterial& trust, Time now);

}  // namespace tegata::verifier
