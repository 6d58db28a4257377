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

/// Which authorities a candidate concerns: those that require signatures of the image, those that require
/// attestations of one predicateType, or all of them if it cannot be determined.
struct Concern {
  bool signatures = true;
  bool attestations = true;
  std::optional<std::string> predicate_type = {};  ///< of the attestation; none: it could be any

  [[nodiscard]] bool includes(const Authority& authority) const {
    if (!authority.attestation) return signatures;
    return attestations && (!predicate_type || *predicate_type == authority.attestation->predicate_type);
  }
};

/// A well-formed candidate for one image: the signed bytes, the signatures over them, and the
/// claims. The claims are not trusted until a signature is verified.
struct SignedClaims {
  std::string message;
  std::vector<std::string> signatures;  ///< over the message; one valid signature is enough
  SignatureFormat format = SignatureFormat::SimpleSigning;
  Digest found_in;
  std::optional<std::string> docker_reference = {};
  std::map<std::string, std::string> annotations = {};
  std::optional<std::string> payload = {};   ///< of a DSSE envelope
  std::optional<std::string> envelope = {};  ///< the layer of an `.att` manifest
  SigningMaterial material = {};
};

/// What is known of a candidate before any signer is verified.
struct Examined {
  Concern concern;
  std::variant<SignedClaims, Rejection> claims;
};

/// Whether certificates, log entries and timestamps of layers are parsed. They are not needed if only bare
/// keys are trusted. Those of bundles are always parsed.
enum class Material { Read, Ignored };

/// Does every check of a candidate that does not depend on a signer. A candidate that is rejected here is
/// rejected for all authorities that it concerns, and its signatures are not checked.
[[nodiscard]] Examined examine(const Digest& image, const Candidate& candidate, Material material);

}  // namespace tegata::verifier
