// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/proxy_ports.h"

#include <cstdlib>
#include <string>

#include "verifier/net/address_check.h"
#include "verifier/net/url.h"

namespace tegata::verifier {

std::set<std::uint16_t> loopback_proxy_ports() {
  std::set<std::uint16_t> ports;
  for (const char* variable : {"HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy"}) {
    const char* value = std::getenv(variable);
    if (!value) continue;
    std::string_view text(value);
    // Scheme, name and password of a proxy are not ours to judge.
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
      text.remove_prefix(scheme + 3);
    if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
    const auto url = Url::parse("http://" + std::string(text));
    if (!url.ok() || refusal_of_host(url->host(), Loopback::Allowed)) continue;
    if (!refusal_of_host(url->host(), Loopback::Refused)) continue;
    ports.insert(url->port());
    if (url->port() == 80) ports.insert(1080);  // what libcurl takes where none is given
  }
  return ports;
}

}  // namespace tegata::verifier
