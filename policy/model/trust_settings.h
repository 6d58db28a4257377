// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/digest_list.h"
#include "policy/model/predicate.h"
#include "policy/model/result.h"
#include "policy/model/settings_identity.h"

namespace tegata {

/// The identity in a verified signing certificate. Made by verifier/sigstore after the chain of
/// the certificate was verified, so a policy may rely on it.
struct CertificateIdentity {
  /// The OIDC issuer: Fulcio's extension 1.3.6.1.4.1.57264.1.8, else .1.1; "" where there is neither.
  std::string issuer;
  /// The one subject alternative name: a URI, a mail address, a DNS name, an IP address in text, or
  /// the UTF8String of Fulcio's otherName. "" where there is none.
  std::string subject;
  /// Fulcio's other extensions by the names of its oid-info.md in lowerCamelCase, such as
  /// `sourceRepositoryURI` or `githubWorkflowRef`; only those that are present.
  std::map<std::string, std::string> extensions;
};

/// Names a public key: SHA-256 over its SubjectPublicKeyInfo in DER. Two files with the same key
/// have the same KeyId, so that a key counts once however often it is written.
using KeyId = Digest;
/// Names a certificate: SHA-256 over its DER.
using CertificateId = Digest;
/// Names roots of trust: SHA-256 over what they hold, so that a changed file changes it.
using TrustedRootId = Digest;

struct Authority;

/// Names an authority: everything it trusts and requires. Equal names mean equal answers.
struct AuthorityId {
  /// Derived from signer, proof and attestation. For a key without further requirements it is the key's
  /// `sha256:…`.
  [[nodiscard]] static AuthorityId of(const Authority& authority);
  AuthorityId(const KeyId& key) : text(key.text()) {}  // NOLINT(google-explicit-constructor)
  explicit AuthorityId(std::string name) : text(std::move(name)) {}
  std::string text;
  friend auto operator<=>(const AuthorityId&, const AuthorityId&) = default;
};

enum class Demand { Required, NotRequired };

/// What must prove a signature besides itself, and by which roots.
struct ProofSettings {
  std::optional<TrustedRootId> root;  ///< none: nothing required needs one
  Demand transparency_log = Demand::NotRequired;
  Demand signed_timestamp = Demand::NotRequired;       ///< RFC 3161
  Demand certificate_timestamp = Demand::NotRequired;  ///< an embedded SCT; for certificates only
  friend bool operator==(const ProofSettings&, const ProofSettings&) = default;

  [[nodiscard]] auto parts() const {
    const auto& [trusted, log, timestamp, sct] = *this;
    return std::tie(trusted, log, timestamp, sct);
  }
};

/// The holder of a private key.
struct KeySigner {
  KeyId key;

  [[nodiscard]] auto parts() const {
    const auto& [id] = *this;
    return std::tie(id);
  }
};
/// The holder of a certificate that chains to the roots and has an accepted identity.
struct CertificateSigner {
  /// Why the identity is not the one that is trusted, as text; none: it is. Thread-safe and total.
  SettingsFunction<std::optional<std::string>(const CertificateIdentity&)> mismatch;
  std::optional<CertificateId> pinned;  ///< only this very certificate

  [[nodiscard]] auto parts() const {
    const auto& [identity, certificate] = *this;
    return std::tie(identity, certificate);
  }
};

/// One signer that a policy trusts, and what it must have signed.
struct Authority {
  AuthorityId id;
  std::string name;  ///< for messages: the key's file as the policy writes it, or issuer and subject
  std::variant<KeySigner, CertificateSigner> signer;
  ProofSettings proof = {};
  /// None: a signature of the image. Else an attestation about it.
  std::optional<PredicateDemand> attestation = {};
};

struct SignatureFacts;

/// Whether facts about an image's signatures are all that is wanted, so that a later look could find
/// nothing better. They are then known good and kept for long; all others are soon asked again. Without
/// one, every authority must have a verified signature.
using Sufficiency = SettingsFunction<bool(const Digest& image, const SignatureFacts& facts)>;

/// What is looked up for an image. Attestations are fetched only where they are required.
enum class Reach { Signatures, SignaturesAndAttestations };

/// The authorities that the signatures and attestations of an image are checked for, each once, in a
/// fixed order. Made once when a policy is loaded; part of what facts are cached under.
struct TrustSettings {
  std::vector<Authority> authorities;  ///< sorted by id, none twice
  Sufficiency sufficiency;
  Reach reach = Reach::Signatures;
  std::string id;  ///< derived: equal ids mean equal authorities, sufficiency and reach
  /// As the SettingsIdentity of settings that these are a part of.
  [[nodiscard]] const std::string& text() const noexcept { return id; }

  /// Looks up attestations where an authority requires one.
  [[nodiscard]] static std::shared_ptr<const TrustSettings> of(std::vector<Authority> authorities,
                                                               Sufficiency sufficiency = {});
  /// Both lists of authorities; sufficient for both.
  [[nodiscard]] static std::shared_ptr<const TrustSettings> both(const TrustSettings& a,
                                                                 const TrustSettings& b);
  /// The same, with attestations: for observing, where no rule requires them yet.
  [[nodiscard]] static std::shared_ptr<const TrustSettings> reaching_all(const TrustSettings& settings);
  /// Never true where something could not be read, or where there are no authorities.
  [[nodiscard]] bool suffices(const Digest& image, const SignatureFacts& facts) const;
};

/// Whether what is verified under these settings may depend on the present: a certificate that neither a
/// log nor a timestamp has to date, or a predicate that is compared with the time.
[[nodiscard]] bool asks_now(const Authority& authority);
[[nodiscard]] bool asks_now(const TrustSettings& trust);

/// An authority that is a key, without further requirements.
[[nodiscard]] Authority key_authority(const KeyId& key, std::string file);

/// The files that a trusted root is made of: one `trusted_root.json`, or its parts. Paths.
struct TrustedRootFiles {
  std::string trusted_root;                             ///< alone, or empty
  std::vector<std::string> certificate_authorities;     ///< PEM: intermediates, then the anchor
  std::vector<std::string> certificate_timestamp_logs;  ///< PEM public keys of CT logs
  std::vector<std::string> transparency_logs;           ///< PEM public keys of Rekor v1 logs
  std::vector<std::string> timestamp_authorities;       ///< PEM: leaf, intermediates, anchor
};

/// Reads what a policy names by path. The policy reader is given one, so that policy/ needs neither
/// files nor OpenSSL: verifier/sigstore's TrustMaterial in the program, a table in tests.
class TrustResolver {
 public:
  virtual ~TrustResolver() = default;
  [[nodiscard]] virtual Result<KeyId> key(const std::string& path) = 0;
  [[nodiscard]] virtual Result<CertificateId> certificate(const std::string& path) = 0;
  [[nodiscard]] virtual Result<TrustedRootId> root(const TrustedRootFiles& files) = 0;
  /// The root for policies that name none (`--trusted-root`). Misconfigured: there is none.
  [[nodiscard]] virtual Result<TrustedRootId> default_root() = 0;
  /// The list of digests in that file. Errors begin with the file and, where there is one, the line.
  [[nodiscard]] virtual Result<std::shared_ptr<const DigestList>> digest_list(const std::string& path) = 0;
};

}  // namespace tegata
