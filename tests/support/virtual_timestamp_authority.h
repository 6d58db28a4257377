// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tests/support/virtual_ca.h"

namespace tegata::testing {

/// An RFC 3161 timestamp authority with a chain of its own.
class VirtualTimestampAuthority {
 public:
  struct Settings {
    std::string name = "virtual tsa";
    Time from = {};
    Time until = {};
    std::string usage = "critical,timeStamping";  ///< extended key usage of the leaf
    KeyKind key = KeyKind::P256;
  };
  explicit VirtualTimestampAuthority(const Settings& settings);

  /// Which certificates go into the token.
  enum class Embed { Nothing, Leaf, Chain };
  /// A TimeStampResp in DER, granted. The time of the token is `at` in whole seconds. `hash_bits` of the
  /// imprint: 160 is SHA-1.
  [[nodiscard]] std::string stamp(std::string_view message, Time at, Embed embed = Embed::Leaf,
                                  int hash_bits = 256) const;

  [[nodiscard]] const VirtualCa& ca() const noexcept { return ca_; }
  [[nodiscard]] const std::string& leaf_der() const noexcept { return leaf_der_; }

 private:
  VirtualCa ca_;
  VirtualKey key_;
  std::string leaf_der_;
};

}  // namespace tegata::testing
