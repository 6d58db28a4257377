// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/prove_signer.h"

#include <stdexcept>

#include "verifier/crypto/public_key.h"
#include "verifier/sigstore/proof/certified_identity.h"
#include "verifier/sigstore/proof/prove_time.h"

namespace tegata::verifier {
namespace {

// The first of the signatures that this key made.
OrRejection<std::string_view> signature_by(const SignedContent& content, const PublicKey& key,
                                           RejectionReason not_by_it) {
  if (content.signatures.empty()) return reject(RejectionReason::SignatureAbsent, "the signature is absent");
  bool any_form = false;
  for (const auto& signature : content.signatures) {
    const auto check = key.check(content.message, signature);
    if (check == SignatureCheck::Good) return std::string_view(signature);
    // A signature in the form of another key type is by another signer; anything else is malformed.
    any_form |= check != SignatureCheck::Malformed || has_signature_shape(signature);
  }
  if (!any_form)
    return reject(RejectionReason::SignatureMalformed,
                  "the signature does not have the form of any supported key type");
  return reject(not_by_it, "not signed with this " + std::string(key.algorithm()) + " key");
}

std::string signer_of(const CertificateIdentity& identity, const Certificate& leaf) {
  if (identity.issuer.empty() && identity.subject.empty()) return leaf.id().text();
  return identity.issuer + " " + identity.subject;
}

// If no time is proven and none is required, the certificate must be valid now. This is for private PKIs with
// long-lived certificates.
std::optional<Rejection> settle_time(const ProofSettings& asked, Time now, Proof& proof) {
  if (!proof.times.empty()) return std::nullopt;
  if (asked.transparency_log == Demand::Required || asked.signed_timestamp == Demand::Required)
    return reject(RejectionReason::SigningTimeUnknown,
                  "the signing time is not proven: a log without signed times needs a signed timestamp");
  proof.times = {now};
  return std::nullopt;
}

}  // namespace

const TrustedRoot* SignerProof::root_of(const ProofSettings& asked) const {
  if (!asked.root) return nullptr;
  const auto* root = trust_.find_root(*asked.root);
  if (root == nullptr) throw std::logic_error("a policy names a trusted root that was not loaded");
  return root;
}

OrRejection<ProvenSigner> SignerProof::by_key(const Authority& authority, const PublicKey& key) const {
  const auto* leaf = std::get_if<std::optional<Certificate>>(&content_.material.certificate);
  if (content_.certificate == SignedContent::Certificate::Counts && leaf != nullptr && *leaf)
    return reject(RejectionReason::BundleNeedsIdentity,
                  "the bundle was signed with a certificate, so a key cannot verify it");
  const auto found = signature_by(content_, key, RejectionReason::OtherSigner);
  if (const auto* rejection = std::get_if<Rejection>(&found)) return *rejection;
  Claimant claimant{std::get<std::string_view>(found), {}, key.der(), key.algorithm()};
  // With `cosign sign --key --certificate` the log holds the certificate; its key must be this one.
  if (leaf != nullptr && *leaf && (*leaf)->public_key_der() == claimant.public_key_der)
    claimant.certificate_der = (*leaf)->der();
  auto proven = prove_time(content_, claimant, authority.proof, root_of(authority.proof));
  if (auto* rejection = std::get_if<Rejection>(&proven)) return std::move(*rejection);
  auto& proof = std::get<Proof>(proven);
  return ProvenSigner{key.id().text(), std::nullopt, std::move(proof.times), std::move(proof.logs)};
}

// The certificate sent with the signature; if the format allows omitting it, the pinned one.
const Certificate* SignerProof::leaf_for(const CertificateSigner& signer) const {
  const auto& leaf = std::get<std::optional<Certificate>>(content_.material.certificate);
  if (leaf) return &*leaf;
  if (content_.certificate == SignedContent::Certificate::Counts || !signer.pinned) return nullptr;
  return trust_.find_certificate(*signer.pinned);
}

OrRejection<SignerProof::Certified> SignerProof::certify(const ProofSettings& asked,
                                                         const Certificate& leaf) const {
  if (const auto* rejection = std::get_if<Rejection>(&content_.material.intermediates)) return *rejection;
  const auto& intermediates = std::get<std::vector<Certificate>>(content_.material.intermediates);
  const auto key = leaf.public_key();
  if (!key.ok()) return reject(RejectionReason::CertificateMalformed, key.error());
  const auto found = signature_by(content_, *key, RejectionReason::SignatureNotByCertificate);
  if (const auto* rejection = std::get_if<Rejection>(&found)) return *rejection;
  const Claimant claimant{std::get<std::string_view>(found), leaf.der(), leaf.public_key_der(),
                          key->algorithm()};
  const auto* root = root_of(asked);
  if (root == nullptr) throw std::logic_error("a certificate is required, but no root was named");
  auto proven = prove_time(content_, claimant, asked, root);
  if (auto* rejection = std::get_if<Rejection>(&proven)) return std::move(*rejection);
  auto& proof = std::get<Proof>(proven);
  if (auto rejection = settle_time(asked, now_, proof)) return *std::move(rejection);
  auto identity = certified_identity(leaf, intermediates, proof.times, *root, asked.certificate_timestamp);
  if (auto* rejection = std::get_if<Rejection>(&identity)) return std::move(*rejection);
  return Certified{std::get<CertificateIdentity>(std::move(identity)), std::move(proof.times),
                   std::move(proof.logs)};
}

const OrRejection<SignerProof::Certified>& SignerProof::certified(const ProofSettings& asked,
                                                                  const Certificate& leaf) {
  const auto id = leaf.id();
  for (const auto& known : found_)
    if (known.asked == asked && known.leaf == id) return known.certified;
  found_.push_back({asked, id, certify(asked, leaf)});
  return found_.back().certified;
}

OrRejection<ProvenSigner> SignerProof::by_certificate(const Authority& authority,
                                                      const CertificateSigner& signer) {
  if (const auto* rejection = std::get_if<Rejection>(&content_.material.certificate)) return *rejection;
  const Certificate* leaf = leaf_for(signer);
  if (leaf == nullptr)
    return reject(RejectionReason::CertificateAbsent,
                  "signed with a bare key, but a certificate is required");
  const auto& proven = certified(authority.proof, *leaf);
  if (const auto* rejection = std::get_if<Rejection>(&proven)) return *rejection;
  const auto& [identity, times, logs] = std::get<Certified>(proven);
  if (signer.pinned && *signer.pinned != leaf->id())
    return reject(RejectionReason::IdentityMismatch, "not the certificate that is trusted");
  if (auto mismatch = signer.mismatch(identity))
    return reject(RejectionReason::IdentityMismatch, *std::move(mismatch));
  return ProvenSigner{signer_of(identity, *leaf), identity, times, logs};
}

OrRejection<ProvenSigner> SignerProof::by(const Authority& authority) {
  const auto* signer = std::get_if<KeySigner>(&authority.signer);
  if (signer == nullptr) return by_certificate(authority, std::get<CertificateSigner>(authority.signer));
  const PublicKey* key = trust_.find_key(signer->key);
  if (key == nullptr) throw std::logic_error("a policy names a key that was not loaded");
  return by_key(authority, *key);
}

OrRejection<ProvenSigner> prove_signer(const SignedContent& content, const Authority& authority,
                                       const TrustMaterial& trust, Time now) {
  return SignerProof(content, trust, now).by(authority);
}

}  // namespace tegata::verifier
