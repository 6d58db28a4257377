// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tegata::verifier {

/// Whether some key that PublicKey accepts could have made a signature of this form: ECDSA's DER,
/// the 64 bytes of Ed25519, or as many bytes as an RSA modulus has. Tells another signer's
/// signature from garbage, and proves nothing.
[[nodiscard]] bool has_signature_shape(std::string_view signature) noexcept;

/// Whether these bytes are an ECDSA signature in the one DER spelling that it has (RFC 3279,
/// section 2.2.3): SEQUENCE { r INTEGER, s INTEGER }, both positive, minimal and of at most
/// `scalar_bytes` bytes, and nothing after it. A high s is valid.
[[nodiscard]] bool is_ecdsa_der(std::string_view signature, std::size_t scalar_bytes) noexcept;

}  // namespace tegata::verifier
