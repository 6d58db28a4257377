// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ts.h>

#include <string_view>
#include <vector>

#include "verifier/crypto/x509_ptr.h"

namespace tegata::verifier {

/// A granted TimeStampResp (RFC 3161), read and not verified.
class TimestampToken {
 public:
  /// Malformed: not one TimeStampResp in DER, not granted, another version than 1, no genTime in UTC, a
  /// critical extension, or not signed by exactly one. LimitExceeded.
  [[nodiscard]] static Result<TimestampToken> parse(std::string_view response);

  [[nodiscard]] Time time() const noexcept { return time_; }
  /// Whether its imprint is the hash of this message, with SHA-256, 384 or 512.
  [[nodiscard]] bool is_over(std::string_view message) const;
  /// Certificates that came along; those that cannot be read are left out.
  [[nodiscard]] std::vector<Certificate> bag() const;
  /// Which certificate the SignerInfo names: out of `known` before any that came along.
  [[nodiscard]] Result<Certificate> named_signer(std::span<const Certificate> known) const;
  /// Whether the key of `signer` made the signature over this token and its attributes. What costs little,
  /// to be asked first: nothing is said of the certificate.
  [[nodiscard]] bool is_signed_by(const Certificate& signer) const;
  /// Whether exactly `signer` made the signature over this token, with a chain in `path` that leads to the
  /// store's anchor; and whether its attributes, ESSCertID among them, are about it and the token.
  [[nodiscard]] Status check_signature(const Certificate& signer, std::span<const Certificate> path,
                                       X509_STORE* store) const;

 private:
  using ResponsePtr = std::unique_ptr<TS_RESP, OpensslFree<TS_RESP_free>>;
  TimestampToken(ResponsePtr response, Time time) : response_(std::move(response)), time_(time) {}
  [[nodiscard]] PKCS7* token() const { return TS_RESP_get_token(response_.get()); }

  ResponsePtr response_;
  Time time_;
};

}  // namespace tegata::verifier
