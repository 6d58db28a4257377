// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/signature_fact.h"

#include <exception>
#include <utility>

namespace tegata::verifier {

Fact<std::shared_ptr<const SignatureFacts>> signature_fact(const SignatureVerifier& verifier,
                                                           const Digest& image, const Candidates& candidates,
                                                           const TrustSettings& trust, Time now,
                                                           Evidence evidence) {
  using Facts = std::shared_ptr<const SignatureFacts>;
  if (candidates.image_absent) return Absent{};
  try {
    auto facts = std::make_shared<SignatureFacts>(verifier.verify_all(image, candidates, trust, now));
    facts->evidence_hash = std::move(evidence.hash);
    facts->evidence = std::move(evidence.text);
    return Known<Facts>{std::move(facts)};
  } catch (const std::exception& bug) {
    return Unknown{{ErrorCode::Internal, "verifying the signatures of " + image.text() + ": " + bug.what()}};
  }
}

}  // namespace tegata::verifier
