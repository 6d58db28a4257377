// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "verifier/crypto/hash_algorithm.h"
#include "verifier/sigstore/candidate/signed_payload.h"
#include "verifier/sigstore/candidate/signing_material.h"

namespace tegata::verifier {

/// A signature over bytes that are not in the bundle, and a hash of these bytes.
struct MessageSignature {
  HashAlgorithm algorithm;
  std::string digest;  ///< raw bytes; untrusted, for comparison only
  std::string signature;
};

/// A sigstore bundle (protobuf-specs, sigstore_bundle.proto) with a valid structure.
struct Bundle {
  SigningMaterial material;
  std::variant<DsseEnvelope, MessageSignature> content;
};

/// Reads bundles of v0.1, v0.2 and v0.3; fields by either of their JSON names (use_json_names()).
/// BundleMalformed: not strict JSON; a media type that is none of these; an unknown member; a field under
/// both names; neither or both of messageSignature and dsseEnvelope; not exactly one of publicKey,
/// certificate and x509CertificateChain, or the chain in v0.3, empty or with a root in it; an envelope
/// without exactly one signature; a log entry without the promise (v0.1) or the proof with its checkpoint
/// (later) that its version requires. TooLarge: above limits.h. CertificateMalformed, LogEntryMalformed. The
/// material is not verified here.
[[nodiscard]] OrRejection<Bundle> parse_bundle(std::string_view json);

}  // namespace tegata::verifier
