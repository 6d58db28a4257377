// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "verifier/sigstore/dsse.h"

namespace tegata::verifier {

/// A sigstore bundle (protobuf-specs, sigstore_bundle.proto) whose structure holds: what it was
/// signed with, and what it holds.
struct Bundle {
  enum class SignedWith { PublicKey, Certificate };
  SignedWith signed_with = SignedWith::Certificate;
  std::optional<DsseEnvelope> envelope;  ///< none: a messageSignature
};

/// Reads bundles of v0.1, v0.2 and v0.3 by the rules of reference/sigstore.md, D.9. BundleMalformed:
/// not strict JSON; a media type that is none of these; an unknown member; neither or both of
/// messageSignature and dsseEnvelope; not exactly one of publicKey, certificate and
/// x509CertificateChain, or the chain in v0.3; an envelope without exactly one signature; a log
/// entry without the promise (v0.1) or the proof with its checkpoint (later) that its version asks
/// for. TooLarge: above limits.h. Log entries, timestamps and certificates are not verified here.
[[nodiscard]] OrRejection<Bundle> parse_bundle(std::string_view json);

}  // namespace tegata::verifier
