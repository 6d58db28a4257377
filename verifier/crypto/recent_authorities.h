// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

/// A cache of the CA certificates that one thread parsed last. Signatures of one authority carry the same
/// certificates, and OpenSSL 3.0 takes longer to decode a certificate than to verify with its key. The cache
/// does not affect trust: equal bytes are the same certificate, wherever they come from.
class RecentAuthorities {
 public:
  [[nodiscard]] std::optional<Certificate> find(std::string_view der) const;
  /// Replaces the oldest entry. A certificate that is not an authority is not kept.
  void keep(const Certificate& certificate);

 private:
  std::array<std::optional<Certificate>, 8> kept_;
  std::size_t next_ = 0;
};

}  // namespace tegata::verifier
