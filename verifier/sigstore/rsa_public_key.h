// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tegata::verifier {

/// The SubjectPublicKeyInfo in DER (RFC 3279, section 2.3.1) around an RSAPublicKey of PKCS#1. Does not look
/// into it: PublicKey::parse_der refuses what holds no RSA key.
[[nodiscard]] std::string rsa_public_key_info(std::string_view pkcs1);

}  // namespace tegata::verifier
