// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/prove_signer.h"

#include <stdexcept>

#include "verifier/crypto/signature_shape.h"
#include "verifier/sigstore/certified_identity.h"
#include "verifier/sigstore/prove_time.h"

namespace tegata::verifier {
namespace {

const TrustedRoot* root_of(const Authority& authority, const TrustMaterial& trust) {
  if (!authority.proof.root) return nullptr;
  const auto* root = trust.find_root(*authority.proof.root);
  if (root == nullptr) throw std::logic_error("a policy names a trusted root that was not loaded");
  return root;
}

// The signature that this key made, among those that there are.
OrRejection<std::string_view> signature_by(const SignedContent& content, const PublicKey& key,
                                           RejectionReason not_by_it) {
  if (content.signatures.empty()) return reject(RejectionReason::SignatureAbsent, "there is no signature");
  bool any_form = false;
  for (const auto& signature : content.signatures) {
    const auto check = key.check(content.message, signature);
    if (check == SignatureCheck::Good) return std::string_view(signature);
    // A signature of another kind's form is another signer's; what no key could have made is garbage.
    any_form |= check != SignatureCheck::Malformed || has_signature_shape(signature);
  }
  if (!any_form)
    return reject(RejectionReason::SignatureMalformed, "the signature has no form that any key's has");
  return reject(not_by_it, "not signed with this " + std::string(key.algorithm()) + " key");
}

OrRejection<ProvenSigner> prove_key(const SignedContent& content, const Authority& authority,
                                    const PublicKey& key, const TrustMaterial& trust) {
  const auto* leaf = std::get_if<std::optional<Certificate>>(&content.material.certificate);
  if (content.certificate == SignedContent::Certificate::Counts && leaf != nullptr && *leaf)
    return reject(RejectionReason::BundleNeedsIdentity,
                  "the bundle was signed with a certificate, which a key cannot vouch for");
  const auto found = signature_by(content, key, RejectionReason::OtherSigner);
  if (const auto* rejection = std::get_if<Rejection>(&found)) return *rejection;
  Claimant claimant{std::get<std::string_view>(found), {}, key.der(), key.algorithm()};
  // With `cosign sign --key --certificate` the log holds the certificate; its key must be this one.
  if (leaf != nullptr && *leaf && (*leaf)->public_key_der() == claimant.public_key_der)
    claimant.certificate_der = (*leaf)->der();
  auto proven = prove_time(content, claimant, authority.proof, root_of(authority, trust));
  if (auto* rejection = std::get_if<Rejection>(&proven)) return std::move(*rejection);
  auto& proof = std::get<Proof>(proven);
  return ProvenSigner{key.id().text(), std::nullopt, std::move(proof.times), std::move(proof.logs)};
}

std::string signer_of(const CertificateIdentity& identity, const Certificate& leaf) {
  if (identity.issuer.empty() && identity.subject.empty()) return leaf.id().text();
  return identity.issuer + " " + identity.subject;
}

// Without any proof of the time, and where none is asked, the present is what a certificate is held
// against: so do those who have a PKI of their own, with certificates that live for years.
std::optional<Rejection> settle_time(const ProofSettings& asked, Time now, Proof& proof) {
  if (!proof.times.empty()) return std::nullopt;
  if (asked.transparency_log == Demand::Required || asked.signed_timestamp == Demand::Required)
    return reject(RejectionReason::SigningTimeUnknown,
                  "nothing proves when it was signed: a log without signed times needs a signed timestamp");
  proof.times = {now};
  return std::nullopt;
}

// The certificate that came with the signature; where a format may leave it out, the one that is pinned.
const Certificate* leaf_of(const SignedContent& content, const CertificateSigner& signer,
                           const TrustMaterial& trust) {
  const auto& leaf = std::get<std::optional<Certificate>>(content.material.certificate);
  if (leaf) return &*leaf;
  if (content.certificate == SignedContent::Certificate::Counts || !signer.pinned) return nullptr;
  return trust.find_certificate(*signer.pinned);
}

OrRejection<ProvenSigner> prove_certificate(const SignedContent& content, const Authority& authority,
                                            const CertificateSigner& signer, const TrustMaterial& trust,
                                            Time now) {
  if (const auto* rejection = std::get_if<Rejection>(&content.material.certificate)) return *rejection;
  const Certificate* leaf = leaf_of(content, signer, trust);
  if (leaf == nullptr)
    return reject(RejectionReason::CertificateAbsent, "signed with a bare key; a certificate is asked for");
  if (const auto* rejection = std::get_if<Rejection>(&content.material.intermediates)) return *rejection;
  const auto& intermediates = std::get<std::vector<Certificate>>(content.material.intermediates);
  const auto key = leaf->public_key();
  if (!key.ok()) return reject(RejectionReason::CertificateMalformed, key.error());

  const auto found = signature_by(content, *key, RejectionReason::SignatureNotByCertificate);
  if (const auto* rejection = std::get_if<Rejection>(&found)) return *rejection;
  const Claimant claimant{std::get<std::string_view>(found), leaf->der(), leaf->public_key_der(),
                          key->algorithm()};
  const auto* root = root_of(authority, trust);
  if (root == nullptr) throw std::logic_error("a certificate is asked for and no root was named");
  auto proven = prove_time(content, claimant, authority.proof, root);
  if (auto* rejection = std::get_if<Rejection>(&proven)) return std::move(*rejection);
  auto& proof = std::get<Proof>(proven);
  if (auto rejection = settle_time(authority.proof, now, proof)) return *std::move(rejection);

  auto certified =
      certified_identity(*leaf, intermediates, proof.times, *root, authority.proof.certificate_timestamp);
  if (auto* rejection = std::get_if<Rejection>(&certified)) return std::move(*rejection);
  auto& identity = std::get<CertificateIdentity>(certified);
  if (signer.pinned && *signer.pinned != leaf->id())
    return reject(RejectionReason::IdentityMismatch, "another certificate than the one that is trusted");
  if (auto mismatch = signer.mismatch(identity))
    return reject(RejectionReason::IdentityMismatch, *std::move(mismatch));
  auto name = signer_of(identity, *leaf);
  return ProvenSigner{std::move(name), std::move(identity), std::move(proof.times), std::move(proof.logs)};
}

}  // namespace

OrRejection<ProvenSigner> prove_signer(const SignedContent& content, const Authority& authority,
                                       const TrustMaterial& trust, Time now) {
  if (const auto* key_signer = std::get_if<KeySigner>(&authority.signer)) {
    const PublicKey* key = trust.find_key(key_signer->key);
    if (key == nullptr) throw std::logic_error("a policy names a key that was not loaded");
    return prove_key(content, authority, *key, trust);
  }
  return prove_certificate(content, authority, std::get<CertificateSigner>(authority.signer), trust, now);
}

}  // namespace tegata::verifier
