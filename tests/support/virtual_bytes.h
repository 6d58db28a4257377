// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "policy/model/deadline.h"

/// The encodings that the virtual Sigstore writes. Not those of the verifier: what it reads shall not be
/// made by its own hands.
namespace tegata::testing {

/// For return codes of libraries in test code.
inline void must(bool good) {
  if (!good) throw std::runtime_error("the virtual Sigstore could not do that");
}

[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::string hex(std::string_view bytes);
/// SHA-2 with 256, 384 or 512 bits, or SHA-1 with 160: raw bytes.
[[nodiscard]] std::string hash_of(std::string_view bytes, int bits = 256);
/// Big-endian, in `width` bytes.
[[nodiscard]] std::string big_endian(std::uint64_t number, int width);
/// One block of RFC 7468, lines of 64.
[[nodiscard]] std::string pem_block(std::string_view label, std::string_view der);

/// A DER element of at most 65,535 bytes. `tag` is its first byte, such as 0x30 for SEQUENCE.
[[nodiscard]] std::string der(int tag, std::string_view content);
/// OBJECT IDENTIFIER; `oid` in dotted form.
[[nodiscard]] std::string der_oid(const std::string& oid);
/// GeneralizedTime, in whole seconds.
[[nodiscard]] std::string der_time(Time time);

[[nodiscard]] std::int64_t unix_seconds(Time time);
/// RFC 3339, in whole seconds, such as 2026-06-01T12:00:00Z.
[[nodiscard]] std::string rfc3339(Time time);

}  // namespace tegata::testing
