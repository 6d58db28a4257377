// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/model/image_facts.h"
#include "verifier/sigstore/candidate.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

/// What a ContentSource answered, as one JSON text, and that text's SHA-256 in hex. Both empty where
/// nothing was recorded.
struct Evidence {
  std::string hash;
  std::shared_ptr<const std::string> text;
};

/// The fact that these candidates make: Absent where the image itself is, else what `verifier` finds,
/// with `evidence` put in, at the time `now`. Live and in a replay alike. Does not throw: what verifying
/// throws is Unknown{Internal}, since this runs where nobody could catch it.
[[nodiscard]] Fact<std::shared_ptr<const SignatureFacts>> signature_fact(const SignatureVerifier& verifier,
                                                                         const Digest& image,
                                                                         const Candidates& candidates,
                                                                         const TrustSettings& trust, Time now,
                                                                         Evidence evidence);

}  // namespace tegata::verifier
