// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "verifier/sigstore/candidate.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A well-formed candidate for one image: what was signed, the signature over it, and what it
/// claims. Nobody has vouched for the claims until a key is found to have made the signature.
struct SignedClaims {
  std::string message;
  std::string signature;
  SignatureFormat format = SignatureFormat::SimpleSigning;
  Digest found_in;
  std::optional<std::string> docker_reference;
  std::map<std::string, std::string> annotations;
};

/// A bundle that holds something else than an image signature.
struct NoCandidate {};

/// Everything about a candidate that does not depend on a key. A candidate that this rejects is
/// rejected for every key, and no signature of it is ever checked.
using Examined = std::variant<SignedClaims, Rejection, NoCandidate>;
[[nodiscard]] Examined examine(const Digest& image, const Candidate& candidate);

}  // namespace tegata::verifier
