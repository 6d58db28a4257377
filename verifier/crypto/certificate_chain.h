// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

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
