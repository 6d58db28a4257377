// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

/// Why no path was found. NotValidThen: there would be one, but not at that time.
struct PathRefusal {
  enum class Why { Untrusted, NotValidThen };
  Why why;
  std::string detail;  ///< OpenSSL's own word for it and the certificate it is about
};

/// A certificate authority as a trusted root names it: its anchor and its intermediates, parsed once.
/// Used from any thread.
class CertificateAuthority {
 public:
  /// What its leaves are for: the extended key usage that they must have.
  enum class Purpose { CodeSigning, TimeStamping };

  /// `chain`: intermediates, then the anchor, which need not be self-signed. Malformed: empty, or one of
  /// them is no authority.
  [[nodiscard]] static Result<CertificateAuthority> of(std::vector<Certificate> chain, Purpose purpose);

  /// A path from `leaf` (first) to the anchor (last), every certificate of it valid at `time`
  /// (RFC 5280, 6.1): basicConstraints, pathLen, keyUsage (digitalSignature on the leaf; keyCertSign on
  /// issuers that have one), the purpose in the EKU of the leaf and of each issuer that has one, names,
  /// no unknown critical extension, signatures with SHA-256 or better. The leaf is no authority, and the
  /// extended key usage of TimeStamping is critical and alone. At least two certificates.
  /// `untrusted` are further intermediates, as a signer may ship them.
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> path(
      const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const;

  [[nodiscard]] const std::vector<Certificate>& chain() const noexcept;

 private:
  struct Parsed;
  explicit CertificateAuthority(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace tegata::verifier
