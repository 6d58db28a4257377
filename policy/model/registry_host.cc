// SPDX-License-Identifier: Apache-2.0
#include "policy/model/registry_host.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "policy/model/ascii.h"
#include "policy/model/ipv6_text.h"
#include "policy/model/printable.h"

namespace tegata {
namespace {

bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error malformed_host(std::string_view what, std::string_view part) {
  return {ErrorCode::Malformed, std::string(what) + " " + quoted(part, 80)};
}

/// A resolver reads a last label of digits (or 0x…) as an IPv4 address, `127.1` for `127.0.0.1` too.
bool reads_as_ipv4(std::string_view name) {
  const auto last = name.substr(name.rfind('.') + 1);
  if (last.starts_with("0x") || last.starts_with("0X")) return true;
  return !last.empty() && std::all_of(last.begin(), last.end(), is_digit);
}

bool is_dotted_quad(std::string_view name) {
  int octets = 0;
  for (bool more = true; more; ++octets) {
    const auto dot = name.find('.');
    const auto octet = name.substr(0, dot);
    int value = 0;
    const auto [end, error] = std::from_chars(octet.data(), octet.data() + octet.size(), value);
    const bool whole = error == std::errc() && end == octet.data() + octet.size();
    if (!whole || value > 255 || (octet.size() > 1 && octet.front() == '0')) return false;
    more = dot != std::string_view::npos;
    if (more) name.remove_prefix(dot + 1);
  }
  return octets == 4;
}

}  // namespace

RegistryHost split_port(std::string_view host) {
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {host, std::nullopt};
  return {host.substr(0, colon), host.substr(colon + 1)};
}

Status check_labels(std::string_view name) {
  for (;;) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (label.empty()) return Error{ErrorCode::Malformed, "an empty label in the registry's host name"};
    if (label.front() == '-' || label.back() == '-')
      return malformed_host("a host name's label begins or ends with a hyphen:", label);
    if (!std::all_of(label.begin(), label.end(), [](char c) { return c == '-' || is_letter_or_digit(c); }))
      return malformed_host("a character that no host name has in", label);
    if (dot == std::string_view::npos) return done();
    name.remove_prefix(dot + 1);
  }
}

Status check_host_name(std::string_view name) {
  if (name.starts_with('[')) {
    if (!name.ends_with(']') || !parse_ipv6(name.substr(1, name.size() - 2)))
      return malformed_host("not an IPv6 address in brackets:", name);
    return done();
  }
  TEGATA_CHECK(check_labels(name));
  if (reads_as_ipv4(name) && !is_dotted_quad(name))
    return malformed_host("not an IPv4 address of four decimal numbers:", name);
  return done();
}

Status check_port(std::string_view port) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
  const bool whole = error == std::errc() && end == port.data() + port.size();
  if (!whole || port.front() == '0' || value > 65535)
    return malformed_host("a port is a number from 1 to 65535 without leading zeros, not", port);
  return done();
}

bool looks_like_host(std::string_view first_part) {
  return first_part == "localhost" || first_part.find_first_of(".:") != std::string_view::npos;
}

}  // namespace tegata
