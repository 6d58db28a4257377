// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/signature_facts.h"
#include "verifier/crypto/signed_message.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/root/trust_material.h"

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

/// One signature, held against any number of authorities: every stage of reference/sigstore.md, D.11 (log
/// entries, timestamps, certificate, identity, signature). The first that does not hold is the Rejection.
///
/// The transparency log is looked at where it is required, and nowhere else. Timestamps of authorities
/// that the root knows always count. A certificate needs a proven time; where neither log nor timestamp
/// is required and none was proven, it must be valid at `now`.
///
/// What a certificate proves depends on what is asked of it, not on whose it must be: it is found out once,
/// however many identities are trusted. Not thread-safe; `trust` must outlive it.
class SignerProof {
 public:
  SignerProof(const SignedContent& content, const TrustMaterial& trust, Time now)
      : content_(content), trust_(trust), now_(now) {}

  /// A key, root or certificate that `trust` does not hold is a logic_error: policies are loaded by it.
  [[nodiscard]] OrRejection<ProvenSigner> by(const Authority& authority);

 private:
  struct Certified {
    CertificateIdentity identity;
    std::vector<Time> times;
    std::vector<std::string> logs;
  };
  struct Found {
    ProofSettings asked;
    CertificateId leaf;
    OrRejection<Certified> certified;
  };
  [[nodiscard]] OrRejection<ProvenSigner> by_key(const Authority& authority, const PublicKey& key) const;
  [[nodiscard]] OrRejection<ProvenSigner> by_certificate(const Authority& authority,
                                                         const CertificateSigner& signer);
  [[nodiscard]] const Certificate* leaf_for(const CertificateSigner& signer) const;
  [[nodiscard]] const OrRejection<Certified>& certified(const ProofSettings& asked, const Certificate& leaf);
  [[nodiscard]] OrRejection<Certified> certify(const ProofSettings& asked, const Certificate& leaf) const;
  [[nodiscard]] const TrustedRoot* root_of(const ProofSettings& asked) const;

  const SignedContent content_;
  const TrustMaterial& trust_;
  const Time now_;
  std::vector<Found> found_;
};

/// The same for one authority alone.
[[nodiscard]] OrRejection<ProvenSigner> prove_signer(const SignedContent& content, const Authority& authority,
                                                     const TrustMaterial& trust, Time now);

}  // namespace tegata::verifier
