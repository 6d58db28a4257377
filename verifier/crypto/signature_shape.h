// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tegata::verifier {

/// Whether this could be a signature by any key that PublicKey supports: DER of ECDSA, 64 bytes for
/// Ed25519, or the length of an RSA modulus. Distinguishes a signature by another signer from garbage. It
/// proves nothing.
[[nodiscard]] bool has_signature_shape(std::string_view signature) noexcept;

/// Whether these bytes are an ECDSA signature in its only DER encoding (RFC 3279,
/// section 2.2.3): SEQUENCE { r INTEGER, s INTEGER }, both positive, minimal and of at most
/// `scalar_bytes` bytes, and nothing after it. A high s is valid.
[[nodiscard]] bool is_ecdsa_der(std::string_view signature, std::size_t scalar_bytes) noexcept;

}  // namespace tegata::verifier
