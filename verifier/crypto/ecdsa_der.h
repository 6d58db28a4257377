// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tegata::verifier {

/// Whether these bytes are an ECDSA signature in the one DER spelling that it has (RFC 3279,
/// section 2.2.3): SEQUENCE { r INTEGER, s INTEGER }, both positive, minimal and of at most
/// `scalar_bytes` bytes, and nothing after it. A high s is valid.
[[nodiscard]] bool is_ecdsa_der(std::string_view signature, std::size_t scalar_bytes) noexcept;

}  // namespace tegata::verifier
