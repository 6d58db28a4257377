// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/signature_facts.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// One layer of a `.sig` manifest, or of a referrer like it: the signed payload and its annotations.
struct SimpleSigningCandidate {
  Digest layer;         ///< digest of the payload blob
  std::string payload;  ///< the exact bytes that were signed
  std::map<std::string, std::string> annotations;
};
/// One layer of cosign's `.att` manifest, or of a referrer like it: a DSSE envelope.
struct EnvelopeCandidate {
  Digest layer;
  std::string json;  ///< as it was fetched
  std::map<std::string, std::string> annotations;
};
/// A sigstore bundle, from the only layer of a referrer: a signature or an attestation.
struct BundleCandidate {
  Digest layer;
  std::string json;
};
/// A candidate that is named by the registry but cannot be read, or is too large. It is a Rejection for every
/// authority that it could concern.
struct UnreadableCandidate {
  enum class Of { Signatures, Attestations, Either };
  Rejection rejection;
  Of of = Of::Either;
};
using Candidate =
    std::variant<SimpleSigningCandidate, EnvelopeCandidate, BundleCandidate, UnreadableCandidate>;

/// Everything stored beside one digest in one repository, fetched and ready for verification without I/O.
struct Candidates {
  bool image_absent = false;  ///< the manifest itself answers 404
  std::vector<Candidate> list;
  bool too_many = false;
  std::optional<Error> unknown;             ///< the first list or candidate that could not be fetched
  std::shared_ptr<const void> memory = {};  ///< what is reserved for all of this (MemoryBudget)
};

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
