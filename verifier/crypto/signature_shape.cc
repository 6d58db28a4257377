// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signature_shape.h"

#include "policy/model/limits.h"
#include "verifier/crypto/ecdsa_der.h"

namespace tegata::verifier {

bool has_signature_shape(std::string_view signature) noexcept {
  constexpr std::size_t kEd25519Bytes = 64;
  constexpr std::size_t kLargestScalarBytes = 66;  // P-521
  constexpr std::size_t kLeastRsaBytes = limits::kRsaLeastModulusBits / 8;
  constexpr std::size_t kMostRsaBytes = limits::kRsaModulusBits / 8;
  if (signature.size() == kEd25519Bytes) return true;
  if (signature.size() >= kLeastRsaBytes && signature.size() <= kMostRsaBytes) return true;
  return is_ecdsa_der(signature, kLargestScalarBytes);
}

}  // namespace tegata::verifier
