// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
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

}  // namespace tegata::verifier
