// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/test_signer.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::testing {

/// The image that everything here is signed for, and another one.
[[nodiscard]] Digest image();
[[nodiscard]] Digest other_image();

/// A payload as cosign writes it, as a document that tests change.
[[nodiscard]] nlohmann::json payload_for(const Digest& digest);
/// The layer that `signer` makes of these bytes.
[[nodiscard]] verifier::SimpleSigningCandidate signed_layer(const TestSigner& signer,
                                                            const std::string& payload,
                                                            TestSigner::Way way = TestSigner::Way::Own);

/// An in-toto Statement as cosign 3 writes it.
[[nodiscard]] nlohmann::json statement_for(const Digest& digest);
/// A v0.3 bundle by `signer` over this statement, as a document that tests change.
[[nodiscard]] nlohmann::json signed_bundle(const TestSigner& signer, const std::string& statement,
                                           const std::string& payload_type = "application/vnd.in-toto+json");
[[nodiscard]] verifier::BundleCandidate bundle_candidate(const nlohmann::json& bundle);

[[nodiscard]] verifier::PublicKey key_of(const TestSigner& signer);
/// The signer's key alone.
[[nodiscard]] std::shared_ptr<const verifier::TrustMaterial> material_of(const TestSigner& signer);
/// What the candidate says about the key, for image().
[[nodiscard]] std::optional<verifier::SignatureVerifier::Outcome> outcome(
    const verifier::Candidate& candidate, const verifier::PublicKey& key);
/// `verified`, `none`, or the name of the RejectionReason.
[[nodiscard]] std::string verdict(const verifier::Candidate& candidate, const TestSigner& signer);

}  // namespace tegata::testing
