// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

/// An RFC 3161 timestamp authority, defined by its certificate chain. Thread-safe.
class TimestampAuthority {
 public:
  /// `chain`: leaf (if pinned), intermediates, anchor. If the first certificate is not an
  /// authority, it is the pinned leaf: only it may have signed. Malformed: empty, or the others are not a
  /// chain of authorities.
  [[nodiscard]] static Result<TimestampAuthority> of(std::vector<Certificate> chain);

  /// The genTime of a TimeStampResp in DER over `message`, verified: granted; TSTInfo v1; an imprint with
  /// SHA-256, 384 or 512; one SignerInfo whose attributes, ESSCertID and signature hold; its signer (never
  /// just a certificate in the bag: CVE-2026-39984) leading to the anchor at genTime, not an authority
  /// itself, with an extended key usage that is critical and only timeStamping. Certificates in the token are
  /// untrusted intermediates. Malformed, with the reason: cannot be parsed, or is not valid. LimitExceeded.
  [[nodiscard]] Result<Time> verify(std::string_view response, std::string_view message) const;

 private:
  struct Parsed;
  explicit TimestampAuthority(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace tegata::verifier
