// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "verifier/crypto/hash_algorithm.h"
#include "verifier/sigstore/dsse.h"
#include "verifier/sigstore/signing_material.h"

namespace tegata::verifier {

/// A signature over bytes that the bundle does not hold, and a hash of them that it does.
struct MessageSignature {
  HashAlgorithm algorithm;
  std::string digest;  ///< raw bytes; to be compared, never to be believed
  std::string signature;
};

/// A sigstore bundle (protobuf-specs, sigstore_bundle.proto) whose structure holds.
struct Bundle {
  SigningMaterial material;
  std::variant<DsseEnvelope, MessageSignature> content;
};

/// Reads bundles of v0.1, v0.2 and v0.3; fields by either of their JSON names (use_json_names()).
/// BundleMalformed: not strict JSON; a media type that is none of these; an unknown member; a field by both
/// its names; neither or both of
/// messageSignature and dsseEnvelope; not exactly one of publicKey, certificate and
/// x509CertificateChain, or the chain in v0.3, empty or with a root in it; an envelope without exactly one
/// signature; a log entry without the promise (v0.1) or the proof with its checkpoint (later) that its
/// version asks for. TooLarge: above limits.h. CertificateMalformed, LogEntryMalformed. What the
/// material proves is not verified here.
[[nodiscard]] OrRejection<Bundle> parse_bundle(std::string_view json);

}  // namespace tegata::verifier
