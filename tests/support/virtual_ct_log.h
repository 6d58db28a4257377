// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/virtual_breaks.h"
#include "tests/support/virtual_certificate.h"

namespace tegata::testing {

inline constexpr const char* kSctListOid = "1.3.6.1.4.1.11129.2.4.2";

/// A certificate transparency log (RFC 6962).
class VirtualCtLog {
 public:
  /// A serialized SCT of v1 over the precertificate `to_be_signed` (without the extension of the SCTs).
  [[nodiscard]] std::string sct(std::string_view to_be_signed, std::string_view issuer_key_der, Time at,
                                std::string_view sct_extensions, By by) const;

  [[nodiscard]] std::string public_key_der() const { return key_.public_key_der(); }
  [[nodiscard]] std::string details() const { return key_.details(); }

 private:
  VirtualKey key_, other_key_;
};

/// The extension with these SCTs.
[[nodiscard]] CertificateExtension sct_list(const std::vector<std::string>& scts);

}  // namespace tegata::testing
