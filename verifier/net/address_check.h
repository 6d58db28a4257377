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

/// Why no request may go to this address; none where one may. Whoever names an image, and whoever
/// runs a registry, chooses hosts that we call: they must not reach what only this machine can.
///
/// Refused: link-local, the metadata and credential services of clouds, unspecified, multicast and
/// reserved addresses; loopback unless `loopback` allows it; and the IPv6 forms that carry such an
/// IPv4 address (mapped, compatible, 6to4, NAT64). Private networks are allowed: registries live there.
[[nodiscard]] std::optional<std::string> refusal_of(const sockaddr& address, Loopback loopback);

/// The same for a host as a URL writes it. A name that is no address is not refused, but for
/// `localhost` and the names below it, which a proxy would resolve to itself.
[[nodiscard]] std::optional<std::string> refusal_of_host(std::string_view host, Loopback loopback);

/// The ports of proxies on loopback that the environment names (HTTPS_PROXY, http_proxy, ALL_PROXY,
/// in the spellings that libcurl reads). Connections to them are the operator's wish.
[[nodiscard]] std::set<std::uint16_t> loopback_proxy_ports();

}  // namespace tegata::verifier
