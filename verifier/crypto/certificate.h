// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/trust_settings.h"
#include "verifier/crypto/public_key.h"

namespace tegata::verifier {

class CertificateAccess;  // verifier/crypto only: the X509 inside

/// An X.509 v3 certificate (RFC 5280). Parsed once, immutable, cheap to copy; used from any thread.
/// Parsing does not verify it.
class Certificate {
 public:
  /// Exactly one certificate in DER, without trailing bytes, at most limits::kCertificate bytes.
  [[nodiscard]] static Result<Certificate> parse_der(std::string_view der);
  /// One to limits::kCertificateChain PEM blocks `CERTIFICATE`, with nothing but whitespace between.
  [[nodiscard]] static Result<std::vector<Certificate>> parse_pem(std::string_view pem);

  [[nodiscard]] CertificateId id() const;  ///< SHA-256 over the DER
  [[nodiscard]] const std::string& der() const noexcept;
  [[nodiscard]] std::string public_key_der() const;  ///< SubjectPublicKeyInfo
  /// Malformed if PublicKey does not support the key.
  [[nodiscard]] Result<PublicKey> public_key() const;
  [[nodiscard]] Time not_before() const noexcept;
  [[nodiscard]] Time not_after() const noexcept;
  [[nodiscard]] bool is_authority() const;    ///< basicConstraints CA:TRUE
  [[nodiscard]] bool is_self_issued() const;  ///< subject and issuer are the same name
  /// Every subject alternative name as text: URI, rfc822Name, dNSName, iPAddress, and Fulcio's otherName
  /// (type-id 1.3.6.1.4.1.57264.1.7, UTF8String). Malformed: another kind of name, or a name
  /// that is empty or not plain text (asn1.h). LimitExceeded: more than limits::kAlternativeNames.
  [[nodiscard]] Result<std::vector<std::string>> subject_alternative_names() const;
  /// The content of the extension's OCTET STRING; `oid` in dotted form. Malformed: the extension occurs
  /// twice.
  [[nodiscard]] Result<std::optional<std::string>> extension(const std::string& oid) const;

 private:
  friend class CertificateAccess;
  struct Parsed;
  explicit Certificate(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

/// A cache of the CA certificates that one thread parsed last. Signatures of one authority carry the same
/// certificates, and OpenSSL 3.0 takes longer to decode a certificate than to verify with its key. The cache
/// does not affect trust: equal bytes are the same certificate, wherever they come from.
class RecentAuthorities {
 public:
  [[nodiscard]] std::optional<Certificate> find(std::string_view der) const;
  /// Replaces the oldest entry. A certificate that is not an authority is not kept.
  void keep(const Certificate& certificate);

 private:
  std::array<std::optional<Certificate>, 8> kept_;
  std::size_t next_ = 0;
};

/// Why no path was found. NotValidThen: a path exists, but it is not valid at that time.
struct PathRefusal {
  enum class Why { Untrusted, NotValidThen };
  Why why;
  std::string detail;  ///< OpenSSL's message, and the certificate it refers to
};

/// A certificate authority of a trusted root: its anchor and its intermediates, parsed once.
/// Used from any thread.
class CertificateAuthority {
 public:
  /// The extended key usage that its leaf certificates must have.
  enum class Purpose { CodeSigning, TimeStamping };

  /// `chain`: intermediates, then the anchor, which need not be self-signed. Malformed: empty, or one of
  /// them is not a certificate authority.
  [[nodiscard]] static Result<CertificateAuthority> of(std::vector<Certificate> chain, Purpose purpose);

  /// A path from `leaf` (first) to the anchor (last), every certificate of it valid at `time`
  /// (RFC 5280, 6.1): basicConstraints, pathLen, keyUsage (digitalSignature on the leaf; keyCertSign on
  /// issuers that have one), the purpose in the EKU of the leaf and of each issuer that has one, names,
  /// no unknown critical extension, signatures with SHA-256 or better. The leaf is not an authority. For
  /// TimeStamping the extended key usage is critical and has no other purpose. At least two certificates.
  /// `untrusted`: more intermediates, such as those sent with a signature.
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> path(
      const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const;

  [[nodiscard]] const std::vector<Certificate>& chain() const noexcept;

 private:
  struct Parsed;
  explicit CertificateAuthority(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace tegata::verifier
