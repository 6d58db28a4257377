// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

/// The certificates of authorities that one thread has parsed last. Every signature of one authority brings
/// the same ones along, and OpenSSL 3.0 takes longer to decode a certificate than to verify with its key.
/// Nothing is believed for being kept: equal bytes are one certificate, wherever they come from.
class RecentAuthorities {
 public:
  [[nodiscard]] std::optional<Certificate> find(std::string_view der) const;
  /// In the place of the one that was kept longest ago. One that is no authority is not kept.
  void keep(const Certificate& certificate);

 private:
  std::array<std::optional<Certificate>, 8> kept_;
  std::size_t next_ = 0;
};

}  // namespace tegata::verifier
