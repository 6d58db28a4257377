// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tegata::verifier {

enum class Loopback { Refused, Allowed };

/// Why requests to this address are refused; empty if they are allowed. Image names and the answers of
/// registries choose the hosts that we call. They must not reach services that only this machine can reach.
///
/// Refused: link-local, the metadata and credential services of clouds, unspecified, multicast and reserved
/// addresses; the local-use NAT64 prefix; loopback unless `loopback` allows it; and the IPv6 forms that carry
/// such an IPv4 address (mapped, compatible, 6to4, NAT64). Private networks are allowed: registries live
/// there.
[[nodiscard]] std::optional<std::string> refusal_of(const sockaddr& address, Loopback loopback);

/// The same for the host of a URL. A name that is not an address is allowed, except `localhost` and its
/// subdomains, which a proxy would resolve to itself.
[[nodiscard]] std::optional<std::string> refusal_of_host(std::string_view host, Loopback loopback);

/// Whether the environment names a proxy for libcurl.
[[nodiscard]] bool names_a_proxy();

/// The ports of proxies on loopback that the environment names (HTTPS_PROXY, http_proxy, ALL_PROXY,
/// in the spellings that libcurl reads). The operator configured them, so connections to them are allowed.
[[nodiscard]] std::set<std::uint16_t> loopback_proxy_ports();

}  // namespace tegata::verifier
