// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/signature_facts.h"
#include "verifier/oci/content_source.h"

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
  std::optional<Error> unknown;  ///< the first list or candidate that could not be fetched
};

}  // namespace tegata::verifier
