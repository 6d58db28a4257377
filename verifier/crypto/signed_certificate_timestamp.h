// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

/// One SCT of v1 (RFC 6962, section 3.2).
struct SignedCertificateTimestamp {
  std::string log_id;  ///< 32 bytes: SHA-256 of the log's SubjectPublicKeyInfo
  Time timestamp;
  std::string signed_data;  ///< what the log signed, over the precertificate rebuilt from the leaf
  std::string signature;
};

/// The SCTs embedded in `leaf` (extension 1.3.6.1.4.1.11129.2.4.2), each with the data
/// that it signs. `issuer`: the certificate that issued the leaf. Empty if the extension is absent.
/// Malformed: it cannot be parsed completely, or holds more than limits::kCertificateTimestamps. SCTs of
/// another version, or with another hash than SHA-256 or another algorithm than ECDSA and RSA, are skipped.
[[nodiscard]] Result<std::vector<SignedCertificateTimestamp>> embedded_timestamps(const Certificate& leaf,
                                                                                  const Certificate& issuer);

}  // namespace tegata::verifier
