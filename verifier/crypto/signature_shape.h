// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tegata::verifier {

/// Whether some key that PublicKey accepts could have made a signature of this form: ECDSA's DER,
/// the 64 bytes of Ed25519, or as many bytes as an RSA modulus has. Tells another signer's
/// signature from garbage, and proves nothing.
[[nodiscard]] bool has_signature_shape(std::string_view signature) noexcept;

}  // namespace tegata::verifier
