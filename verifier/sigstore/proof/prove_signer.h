// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/signature_facts.h"
#include "verifier/crypto/public_key.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::verifier {

/// Signed content: an image's payload, an attestation, or a file. A view.
struct SignedContent {
  SignedMessage message;
  std::span<const std::string> signatures;  ///< over the message; one valid signature is enough
  const SigningMaterial& material;
  /// MayBeIgnored, as for `.sig` layers: a key authority ignores a certificate beside the signature, and a
  /// missing certificate is replaced by the pinned one. Counts, as for bundles: a bundle with a certificate
  /// is never valid for a key, and a bundle with a bare key never for a certificate.
  enum class Certificate { MayBeIgnored, Counts } certificate = Certificate::Counts;
  std::optional<std::string_view> dsse_payload = {};
  std::optional<std::string_view> dsse_envelope = {};  ///< the layer of an `.att` manifest
};

/// The proven signer of a signature, and the proof.
struct ProvenSigner {
  std::string signer;  ///< the KeyId's text, or issuer and subject; the certificate's id if it has neither
  std::optional<CertificateIdentity> identity;
  std::vector<Time> times;
  std::vector<std::string> logs;
};

/// Checks one signature against any number of authorities, in the stages of docs/verification.md (log
/// entries, timestamps, certificate, identity, signature). The first stage that fails gives the Rejection.
///
/// The transparency log is checked only if it is required. Timestamps of authorities in the root always
/// count. A certificate needs a proven time; if neither log nor timestamp is required and no time is proven,
/// it must be valid at `now`.
///
/// The result for a certificate depends on the proof settings, not on the trusted identity: it is computed
/// once for all identities. Not thread-safe; `trust` must outlive it.
class SignerProof {
 public:
  SignerProof(const SignedContent& content, const TrustMaterial& trust, Time now)
      : content_(content), trust_(trust), now_(now) {}

  /// A key, root or certificate that is not in `trust` is a logic_error: policies are loaded through it.
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

/// The same for one authority.
[[nodiscard]] OrRejection<ProvenSigner> prove_signer(const SignedContent& content, const Authority& authority,
                                                     const TrustMaterial& trust, Time now);

}  // namespace tegata::verifier
