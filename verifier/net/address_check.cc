// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/address_check.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "verifier/net/url.h"

namespace tegata::verifier {
namespace {

struct Block4 {
  std::uint32_t network;
  int bits;
  const char* what;
};
constexpr std::uint32_t ip4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
constexpr std::array kRefused4{
    Block4{ip4(0, 0, 0, 0), 8, "unspecified"},
    Block4{ip4(169, 254, 0, 0), 16, "link-local (169.254.169.254 and 169.254.170.2 serve credentials)"},
    Block4{ip4(100, 100, 100, 200), 32, "a metadata service"},  // Alibaba Cloud
    Block4{ip4(168, 63, 129, 16), 32, "a metadata service"},    // Azure
    Block4{ip4(192, 0, 0, 192), 32, "a metadata service"},      // Oracle Cloud
    Block4{ip4(224, 0, 0, 0), 4, "multicast"},
    Block4{ip4(240, 0, 0, 0), 4, "reserved"},
};

using Bytes6 = std::array<std::uint8_t, 16>;
struct Block6 {
  std::array<std::uint8_t, 16> network;
  int bits;
  const char* what;
};
constexpr std::array kRefused6{
    Block6{{}, 128, "unspecified"},
    Block6{{0xfe, 0x80}, 10, "link-local"},
    Block6{{0xfe, 0xc0}, 10, "site-local"},
    Block6{{0xff}, 8, "multicast"},
    Block6{{0xfd, 0x00, 0x0e, 0xc2}, 32, "a metadata service"},  // AWS: fd00:ec2::254 and its neighbours
    Block6{{0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54},
           128,
           "a metadata service"},  // Google Cloud
    Block6{{0xfd, 0x00, 0x00, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x42},
           128,
           "a metadata service"},  // Scaleway
    // Networks choose where in the address the IPv4 address is (RFC 6052, section 2.2), so all are refused.
    Block6{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "in the local-use NAT64 prefix (RFC 8215)"},
};
/// Prefixes whose addresses embed an IPv4 address, and the offset of its first byte.
struct Carrier {
  std::array<std::uint8_t, 16> network;
  int bits;
  std::size_t at;
};
constexpr std::array kCarriers{
    Carrier{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},  // IPv4-mapped, RFC 4291
    Carrier{{}, 96, 12},                                          // IPv4-compatible, RFC 4291
    Carrier{{0x00, 0x64, 0xff, 0x9b}, 96, 12},                    // NAT64, RFC 6052
    Carrier{{0x20, 0x02}, 16, 2},                                 // 6to4, RFC 3056
};

bool in_block(const Bytes6& address, const Bytes6& network, int bits) {
  for (int bit = 0; bit < bits; bit += 8) {
    const auto i = static_cast<std::size_t>(bit / 8);
    const auto mask = static_cast<std::uint8_t>(bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)));
    if ((address[i] & mask) != (network[i] & mask)) return false;
  }
  return true;
}

std::string refused(std::string_view text, std::string_view what) {
  return "the address " + std::string(text) + " is " + std::string(what) + ": requests to it are refused";
}
constexpr std::string_view kLoopback =
    "loopback, and the operator has not named this host and port (--insecure-plain-http)";

std::optional<std::string> refusal4(std::uint32_t address, std::string_view text, Loopback loopback) {
  if (address >> 24 == 127) {
    if (loopback == Loopback::Allowed) return std::nullopt;
    return refused(text, kLoopback);
  }
  for (const auto& block : kRefused4)
    if ((address ^ block.network) >> (32 - block.bits) == 0) return refused(text, block.what);
  return std::nullopt;
}

std::optional<std::string> refusal6(const Bytes6& address, std::string_view text, Loopback loopback) {
  constexpr Bytes6 kLoopback6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (address == kLoopback6) {
    if (loopback == Loopback::Allowed) return std::nullopt;
    return refused(text, kLoopback);
  }
  for (const auto& block : kRefused6)
    if (in_block(address, block.network, block.bits)) return refused(text, block.what);
  for (const auto& carrier : kCarriers) {
    if (!in_block(address, carrier.network, carrier.bits)) continue;
    const auto* carried = address.data() + carrier.at;
    if (auto why = refusal4(ip4(carried[0], carried[1], carried[2], carried[3]), text, loopback)) return why;
  }
  return std::nullopt;
}

std::optional<std::string> refusal_of6(const in6_addr& address, Loopback loopback) {
  Bytes6 bytes{};
  std::memcpy(bytes.data(), &address, bytes.size());
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return refusal6(bytes, text.data(), loopback);
}
std::optional<std::string> refusal_of4(const in_addr& address, Loopback loopback) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address, text.data(), text.size());
  return refusal4(ntohl(address.s_addr), text.data(), loopback);
}

}  // namespace

std::optional<std::string> refusal_of(const sockaddr& address, Loopback loopback) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return refusal_of4(v4.sin_addr, loopback);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return refusal_of6(v6.sin6_addr, loopback);
  }
  return "neither an IPv4 nor an IPv6 address: requests to it are refused";
}

std::optional<std::string> refusal_of_host(std::string_view host, Loopback loopback) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost"))
    return loopback == Loopback::Allowed ? std::nullopt : std::optional(refused(host, kLoopback));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string text(host);
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return refusal_of6(v6, loopback);
  // inet_aton also reads the forms that resolvers do: 0x7f.1, 2130706433, 0177.0.0.1.
  in_addr v4{};
  if (inet_aton(text.c_str(), &v4) == 1) return refusal_of4(v4, loopback);
  return std::nullopt;
}

namespace {

/// The values of the variables from which libcurl takes a proxy.
std::vector<std::string_view> proxies_of_environment() {
  std::vector<std::string_view> values;
  for (const char* variable : {"HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy"})
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0')
      values.emplace_back(value);
  return values;
}

}  // namespace

bool names_a_proxy() { return !proxies_of_environment().empty(); }

std::set<std::uint16_t> loopback_proxy_ports() {
  std::set<std::uint16_t> ports;
  for (auto text : proxies_of_environment()) {
    // The scheme, user name and password of a proxy are not checked.
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
      text.remove_prefix(scheme + 3);
    if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
    const auto url = Url::parse("http://" + std::string(text));
    if (!url.ok() || refusal_of_host(url->host(), Loopback::Allowed)) continue;
    if (!refusal_of_host(url->host(), Loopback::Refused)) continue;
    ports.insert(url->port());
    if (url->port() == 80) ports.insert(1080);  // libcurl's default proxy port
  }
  return ports;
}

}  // namespace tegata::verifier
