// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tegata {

/// The eight groups of an IPv6 address, most significant first.
using Ipv6Groups = std::array<std::uint16_t, 8>;

/// Reads RFC 4291 section 2.2 text without brackets, zone or embedded IPv4; empty if it is none.
[[nodiscard]] std::optional<Ipv6Groups> parse_ipv6(std::string_view text);
/// The one spelling of RFC 5952: lower case, no leading zeros, the longest run of zeros as `::`.
[[nodiscard]] std::string ipv6_text(const Ipv6Groups& groups);

}  // namespace tegata
