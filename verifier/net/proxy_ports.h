// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>

namespace tegata::verifier {

/// The ports of proxies on loopback that the environment names (HTTPS_PROXY, http_proxy, ALL_PROXY,
/// in the spellings that libcurl reads). Connections to them are the operator's wish.
[[nodiscard]] std::set<std::uint16_t> loopback_proxy_ports();

}  // namespace tegata::verifier
