// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::verifier {

/// The DER inside of exactly one PEM block `PUBLIC KEY` (RFC 7468, section 13), with nothing but
/// whitespace around it and nothing but base64 lines in it. Malformed otherwise, saying what was
/// found instead: a private key, a certificate, a second block.
[[nodiscard]] Result<std::string> decode_public_key_pem(std::string_view pem);

/// The DER inside of one to limits::kCertificateChain PEM blocks `CERTIFICATE` (RFC 7468, section 5), in
/// their order, with nothing but whitespace around and between them. Malformed, LimitExceeded.
[[nodiscard]] Result<std::vector<std::string>> decode_certificate_pem(std::string_view pem);

}  // namespace tegata::verifier
