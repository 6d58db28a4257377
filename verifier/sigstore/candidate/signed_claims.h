// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// Whom a candidate concerns: those who ask for signatures of the image, those who ask for attestations
/// of one predicateType, or, where it does not say, everybody.
struct Concern {
  bool signatures = true;
  bool attestations = true;
  std::optional<std::string> predicate_type = {};  ///< of the attestation; none: it could be any

  [[nodiscard]] bool includes(const Authority& authority) const {
    if (!authority.attestation) return signatures;
    return attestations && (!predicate_type || *predicate_type == authority.attestation->predicate_type);
  }
};

/// A well-formed candidate for one image: what was signed, the signatures over it, and what it
/// claims. Nobody has vouched for the claims until a signer is found to have made a signature.
struct SignedClaims {
  std::string message;
  std::vector<std::string> signatures;  ///< over the message; one that holds is enough
  SignatureFormat format = SignatureFormat::SimpleSigning;
  Digest found_in;
  std::optional<std::string> docker_reference = {};
  std::map<std::string, std::string> annotations = {};
  std::optional<std::string> payload = {};   ///< of a DSSE envelope
  std::optional<std::string> envelope = {};  ///< the layer of an `.att` manifest
  SigningMaterial material = {};
};

/// What can be said of a candidate before any signer is looked at.
struct Examined {
  Concern concern;
  std::variant<SignedClaims, Rejection> claims;
};

/// Whether certificates, log entries and timestamps of layers are read at all: whoever trusts bare keys
/// alone does not look at them. Those of bundles always are.
enum class Material { Read, Ignored };

/// Everything about a candidate that does not depend on a signer. A candidate that this rejects is
/// rejected for all whom it concerns, and no signature of it is ever checked.
[[nodiscard]] Examined examine(const Digest& image, const Candidate& candidate, Material material);

}  // namespace tegata::verifier
