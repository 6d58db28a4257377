// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/authority_options.h"

#include "policy/rules/identity_match.h"
#include "policy/rules/provenance.h"
#include "verifier/sigstore/candidate/signed_payload.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::webhook::cli {

Error misconfigured(std::string sentence) { return {ErrorCode::Misconfigured, std::move(sentence)}; }

namespace {

bool has_authority(const RootOptions& options) {
  return !options.ca_roots.empty() || !options.ca_intermediates.empty() || !options.certificate_chain.empty();
}

Status check_choice(const RootOptions& options) {
  if (!options.trusted_root.empty() && (has_authority(options) || !options.timestamp_chain.empty()))
    return misconfigured(
        "--trusted-root contains all trusted roots: --ca-roots, --ca-intermediates, --certificate-chain "
        "and --timestamp-certificate-chain cannot be combined with it");
  if (!options.certificate_chain.empty() && (!options.ca_roots.empty() || !options.ca_intermediates.empty()))
    return misconfigured(
        "--certificate-chain replaces --ca-roots and --ca-intermediates and cannot be combined with them");
  if (!options.ca_intermediates.empty() && options.ca_roots.empty())
    return misconfigured("--ca-intermediates requires --ca-roots, which is not given");
  return done();
}

// cosign reads roots and intermediates from two files; together they are one certificate authority.
verifier::ReadFile reader_with_intermediates(const RootOptions& options) {
  return [&options](const std::string& path, std::size_t max_bytes) -> Result<std::string> {
    TEGATA_TRY(auto text, verifier::read_trust_file(path, max_bytes, verifier::Pipes::Read));
    if (path != options.ca_roots || options.ca_intermediates.empty()) return text;
    auto intermediates =
        verifier::read_trust_file(options.ca_intermediates, max_bytes, verifier::Pipes::Read);
    if (!intermediates.ok()) return intermediates.error().in(options.ca_intermediates);
    return *intermediates + "\n" + text;
  };
}

Result<TrustedRootId> root_of_files(const RootOptions& options, verifier::TrustMaterial& trust) {
  TrustedRootFiles files;
  for (const auto* path : {&options.ca_roots, &options.certificate_chain})
    if (!path->empty()) files.certificate_authorities.push_back(*path);
  if (!options.timestamp_chain.empty()) files.timestamp_authorities.push_back(options.timestamp_chain);
  TEGATA_TRY(auto root, verifier::read_trusted_root(files, reader_with_intermediates(options)));
  return trust.add(std::move(root));
}

/// The root that the options name, read into `trust`; the default root if they name none; empty if there is
/// no default either. Misconfigured: options that exclude each other.
Result<std::optional<TrustedRootId>> root_of(const RootOptions& options, verifier::TrustMaterial& trust) {
  TEGATA_CHECK(check_choice(options));
  if (has_authority(options) || !options.timestamp_chain.empty()) {
    TEGATA_TRY(auto id, root_of_files(options, trust));
    return std::optional(id);
  }
  const auto& path = options.trusted_root.empty() ? options.default_root : options.trusted_root;
  if (path.empty()) return std::optional<TrustedRootId>();
  TrustedRootFiles files;
  files.trusted_root = path;
  TEGATA_TRY(auto id, trust.root(files));
  return std::optional(id);
}

using policy::IdentityCriteria;
using policy::TextCriterion;

bool asks_identity(const IdentityOptions& options) {
  return options.subject || options.subject_pattern || options.issuer || options.issuer_pattern ||
         !options.extensions.empty();
}

Result<TextCriterion> criterion(const std::optional<std::string>& exact,
                                const std::optional<std::string>& pattern, const std::string& option) {
  if (exact && pattern)
    return misconfigured(option + " and " + option + "-regexp were both given; give one of them");
  if (exact) return TextCriterion::exact(*exact);
  if (!pattern)
    return misconfigured("a certificate is trusted by its identity and its issuer, and both are required: " +
                         option + " or " + option + "-regexp is missing");
  auto made = TextCriterion::pattern(*pattern);
  if (!made.ok()) return made.error().in(option + "-regexp");
  return made;
}

Result<IdentityCriteria> criteria_of(const IdentityOptions& options) {
  TEGATA_TRY(auto subject, criterion(options.subject, options.subject_pattern, "--certificate-identity"));
  if (!subject.is_pattern() && subject.text().empty())
    return misconfigured(
        "--certificate-identity is empty, so it would mean a certificate without any identity");
  TEGATA_TRY(auto issuer, criterion(options.issuer, options.issuer_pattern, "--certificate-oidc-issuer"));
  return IdentityCriteria{std::move(issuer), std::move(subject), std::nullopt, options.extensions};
}

Result<Authority> certificate_authority_of(const AuthorityOptions& options, verifier::TrustMaterial& trust) {
  TEGATA_TRY(auto criteria, criteria_of(options.identity));
  std::optional<CertificateId> pinned_id;
  if (!options.certificate.empty()) {
    auto pinned = trust.certificate(options.certificate);
    if (!pinned.ok()) return pinned.error().in("--certificate");
    pinned_id = *pinned;
  }
  auto words = criteria.words();
  return Authority{AuthorityId(""), std::move(words),
                   policy::certificate_signer(std::move(criteria), pinned_id)};
}

Result<Authority> key_authority_of(const AuthorityOptions& options, verifier::TrustMaterial& trust) {
  const auto& root = options.root;
  for (const auto& [option, path] : {std::pair{"--certificate", &options.certificate},
                                     {"--certificate-chain", &root.certificate_chain},
                                     {"--ca-roots", &root.ca_roots},
                                     {"--ca-intermediates", &root.ca_intermediates}})
    if (!path->empty())
      return misconfigured(std::string(option) + " applies to certificates, and --key does not use them");
  auto key = trust.key(options.key);
  if (!key.ok()) return key.error().in("--key");
  return key_authority(*key, options.key);
}

bool needs_root(const Authority& authority) {
  return std::holds_alternative<CertificateSigner>(authority.signer) ||
         authority.proof.transparency_log == Demand::Required ||
         authority.proof.signed_timestamp == Demand::Required;
}

Error no_root(const Authority& authority) {
  if (std::holds_alternative<CertificateSigner>(authority.signer))
    return misconfigured(
        "no certificate authority is trusted: give --trusted-root FILE (or "
        "TEGATA_TRUSTED_ROOT), or --ca-roots FILE for a PKI of your own");
  if (authority.proof.transparency_log == Demand::Required)
    return misconfigured(
        "no transparency log is trusted: give --trusted-root FILE (or TEGATA_TRUSTED_ROOT), or pass "
        "--insecure-ignore-tlog to skip the transparency log");
  return misconfigured(
      "no timestamp authority is trusted: give --trusted-root FILE (or TEGATA_TRUSTED_ROOT), or "
      "--timestamp-certificate-chain FILE");
}

// PEM files contain no logs, so a required log entry could never be verified: report this before verifying.
Status check_root(const RootOptions& options, const Authority& authority, const verifier::TrustedRoot& root) {
  const bool of_files =
      !options.ca_roots.empty() || !options.certificate_chain.empty() || !options.timestamp_chain.empty();
  if (!of_files) return done();
  if (authority.proof.transparency_log == Demand::Required)
    return misconfigured(
        "these files contain no transparency log: give --trusted-root FILE instead, or pass "
        "--insecure-ignore-tlog to skip the transparency log");
  if (std::holds_alternative<CertificateSigner>(authority.signer) && root.certificate_authorities.empty())
    return no_root(authority);
  return done();
}

Status add_root(const AuthorityOptions& options, verifier::TrustMaterial& trust, Authority& authority) {
  TEGATA_TRY(const auto root, root_of(options.root, trust));
  if (!needs_root(authority)) return done();
  if (!root) return no_root(authority);
  TEGATA_CHECK(check_root(options.root, authority, *trust.find_root(*root)));
  authority.proof.root = root;
  return done();
}

Status add_attestation(const std::string& type, Authority& authority) {
  if (type.empty()) return done();
  const auto uri = policy::predicate_type_named(type);
  if (!uri)
    return misconfigured(
        "--type " + type +
        " is neither a URI nor one of cosign's short names: slsaprovenance, slsaprovenance02, "
        "slsaprovenance1, vuln, spdx, spdxjson, cyclonedx, openvex, link, custom");
  if (*uri == verifier::kCosignSignPredicate)
    return misconfigured("--type " + type + " is an image's signature, which is verified without --type");
  authority.attestation = PredicateDemand{*uri};
  return done();
}

}  // namespace

Result<Authority> authority_of(const AuthorityOptions& options, verifier::TrustMaterial& trust) {
  const bool by_identity = asks_identity(options.identity);
  if (options.key.empty() && !by_identity)
    return misconfigured(
        "say whose signature is required: --key FILE, or --certificate-identity and "
        "--certificate-oidc-issuer");
  if (!options.key.empty() && by_identity)
    return misconfigured("--key and --certificate-identity mean two different signers; give one of them");
  TEGATA_TRY(auto authority,
             by_identity ? certificate_authority_of(options, trust) : key_authority_of(options, trust));
  authority.proof.transparency_log = options.transparency_log;
  authority.proof.signed_timestamp = options.signed_timestamp;
  if (by_identity) authority.proof.certificate_timestamp = options.certificate_timestamp;
  TEGATA_CHECK(add_root(options, trust, authority));
  TEGATA_CHECK(add_attestation(options.type, authority));
  authority.id = AuthorityId::of(authority);
  return authority;
}

}  // namespace tegata::webhook::cli
