// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/signature_facts.h"
#include "verifier/crypto/signed_message.h"
#include "verifier/sigstore/signing_material.h"
#include "verifier/sigstore/trust_material.h"

namespace tegata::verifier {

/// Something signed: an image's payload, an attestation, or a file. A view.
struct SignedContent {
  SignedMessage message;
  std::span<const std::string> signatures;  ///< over the message; one that holds is enough
  const SigningMaterial& material;
  /// Whether a certificate beside a signature by a bare key may be passed over, as in `.sig` layers, and
  /// one that is missing be the one that is pinned. A bundle with a certificate is no key's, and one with
  /// a bare key no certificate's.
  enum class Certificate { MayBeIgnored, Counts } certificate = Certificate::Counts;
  std::optional<std::string_view> dsse_payload = {};
  std::optional<std::string_view> dsse_envelope = {};  ///< the layer of an `.att` manifest
};

/// Who made a signature, and what proves it.
struct ProvenSigner {
  std::string signer;  ///< the KeyId's text, or issuer and subject; of a nameless certificate its id
  std::optional<CertificateIdentity> identity;
  std::vector<Time> times;
  std::vector<std::string> logs;
};

/// Every stage of reference/sigstore.md, D.11, for one authority: log entries, timestamps, certificate,
/// identity, signature. The first that does not hold is the Rejection.
///
/// The transparency log is looked at where it is required, and nowhere else. Timestamps of authorities
/// that the root knows always count. A certificate needs a proven time; where neither log nor timestamp
/// is required and none was proven, it must be valid at `now`.
///
/// A key, root or certificate that `trust` does not hold is a logic_error: policies are loaded by it.
[[nodiscard]] OrRejection<ProvenSigner> prove_signer(const SignedContent& content, const Authority& authority,
                                                     const TrustMaterial& trust, Time now);

}  // namespace tegata::verifier
