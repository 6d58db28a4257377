// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "policy/model/trust_settings.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::webhook::cli {

/// The identity that a certificate must contain: cosign's --certificate-identity and related options. An
/// issuer of "" means a certificate without an issuer extension, as from a private PKI.
struct IdentityOptions {
  std::optional<std::string> subject;
  std::optional<std::string> subject_pattern;  ///< RE2, anchored at both ends
  std::optional<std::string> issuer;
  std::optional<std::string> issuer_pattern;      ///< the same
  std::map<std::string, std::string> extensions;  ///< by the names of CertificateIdentity
};

/// Where a root of trust comes from: one trusted_root.json, or the files of a private PKI. The values are
/// paths.
struct RootOptions {
  std::string trusted_root;
  std::string ca_roots;
  std::string ca_intermediates;
  std::string certificate_chain;  ///< intermediates and root, in place of the two above
  std::string timestamp_chain;    ///< of a timestamp authority
  std::string default_root;       ///< the trusted_root.json to use if none of these is given
};

/// Whose signature is required and what must prove it, as cosign's options express it.
struct AuthorityOptions {
  std::string key;
  IdentityOptions identity;
  std::string certificate;  ///< only this certificate
  RootOptions root;
  Demand transparency_log = Demand::Required;
  Demand signed_timestamp = Demand::NotRequired;
  Demand certificate_timestamp = Demand::Required;
  std::string type;  ///< of an attestation; empty: a signature
};

/// An Error of the command line.
[[nodiscard]] Error misconfigured(std::string sentence);
/// The authority that the options describe; the files that it names are read into `trust`. Misconfigured: no
/// signer is given, an option is missing, or options contradict each other; otherwise the error of a file.
/// The message is a sentence that names the option.
[[nodiscard]] Result<Authority> authority_of(const AuthorityOptions& options, verifier::TrustMaterial& trust);

}  // namespace tegata::webhook::cli
