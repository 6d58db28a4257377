// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata {

/// `host[:port]` taken apart; the name of an IPv6 host keeps its brackets.
struct RegistryHost {
  std::string_view name;
  std::optional<std::string_view> port;
};
[[nodiscard]] RegistryHost split_port(std::string_view host);

/// Grammar of distribution/reference for the name of a registry: labels of letters, digits and
/// inner hyphens, or `[IPv6]`. Stricter in two things that would be a second spelling of one host:
/// an address of numbers is a dotted quad without leading zeros, and an empty label (a trailing
/// dot) is refused. Malformed, naming the part.
[[nodiscard]] Status check_host_name(std::string_view name);
/// The labels alone, for globs (whose `*` the caller has put a letter for).
[[nodiscard]] Status check_labels(std::string_view name);
/// 1 to 65535, without leading zeros.
[[nodiscard]] Status check_port(std::string_view port);

/// Whether a container runtime takes the part of a reference before the first `/` for a host: it
/// has a dot or a colon, or is `localhost`.
[[nodiscard]] bool looks_like_host(std::string_view first_part);

/// The eight groups of an IPv6 address, most significant first.
using Ipv6Groups = std::array<std::uint16_t, 8>;

/// Reads RFC 4291 section 2.2 text without brackets, zone or embedded IPv4; empty if it is none.
[[nodiscard]] std::optional<Ipv6Groups> parse_ipv6(std::string_view text);
/// The one spelling of RFC 5952: lower case, no leading zeros, the longest run of zeros as `::`.
[[nodiscard]] std::string ipv6_text(const Ipv6Groups& groups);

}  // namespace tegata
