// SPDX-License-Identifier: Apache-2.0
#include "policy/model/registry_host.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "policy/model/ascii.h"
#include "policy/model/image_reference.h"
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

namespace {

/// `a:b:c`, at most eight groups of one to four hex digits; empty text has no groups.
std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text) {
  std::vector<std::uint16_t> groups;
  if (text.empty()) return groups;
  for (;;) {
    const auto colon = text.find(':');
    const auto group = text.substr(0, colon);
    std::uint16_t value = 0;
    if (group.empty() || group.size() > 4 || groups.size() == 8) return std::nullopt;
    const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), value, 16);
    if (error != std::errc() || end != group.data() + group.size()) return std::nullopt;
    groups.push_back(value);
    if (colon == std::string_view::npos) return groups;
    text.remove_prefix(colon + 1);
  }
}

struct Run {
  std::size_t start = 0;
  std::size_t length = 0;
};

Run longest_run_of_zeros(const Ipv6Groups& groups) {
  Run best;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > best.length) best = {i, end - i};
  }
  return best;
}

std::string joined(const Ipv6Groups& groups, std::size_t from, std::size_t to) {
  std::string text;
  std::array<char, 4> digits{};
  for (std::size_t i = from; i < to; ++i) {
    if (i != from) text += ':';
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
    text.append(digits.data(), end);
  }
  return text;
}

}  // namespace

std::optional<Ipv6Groups> parse_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap));
  if (!head) return std::nullopt;
  Ipv6Groups groups{};
  if (gap == std::string_view::npos) {
    if (head->size() != groups.size()) return std::nullopt;
    std::copy(head->begin(), head->end(), groups.begin());
    return groups;
  }
  const auto tail = parse_groups(text.substr(gap + 2));
  if (!tail || head->size() + tail->size() >= groups.size()) return std::nullopt;
  std::copy(head->begin(), head->end(), groups.begin());
  std::copy(tail->begin(), tail->end(), groups.end() - static_cast<std::ptrdiff_t>(tail->size()));
  return groups;
}

std::string ipv6_text(const Ipv6Groups& groups) {
  const auto zeros = longest_run_of_zeros(groups);
  if (zeros.length < 2) return joined(groups, 0, groups.size());
  return joined(groups, 0, zeros.start) + "::" + joined(groups, zeros.start + zeros.length, groups.size());
}

// The canonical name of registries with several names.

namespace {

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> labels;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    labels.push_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  labels.push_back(name);
  return labels;
}

std::string joined(const std::vector<std::string_view>& labels, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < labels.size(); ++i) text.append(i == from ? "" : ".").append(labels[i]);
  return text;
}

std::string ecr_host(std::string_view account, std::string_view region, std::string_view suffix) {
  return std::string(account) + ".dkr.ecr." + std::string(region) + "." + std::string(suffix);
}

/// ECR answers under four host names: plain, FIPS, dual-stack, and dual-stack FIPS.
std::optional<std::string> canonical_ecr(std::string_view name) {
  if (name.find("ecr") == name.npos) return std::nullopt;
  const auto labels = labels_of(name);
  if (labels.size() >= 6 && labels[1] == "dkr" && labels[2] == "ecr-fips" && labels[4] == "amazonaws")
    return ecr_host(labels[0], labels[3], joined(labels, 4));
  if (labels.size() < 5 || (labels[1] != "dkr-ecr" && labels[1] != "dkr-ecr-fips")) return std::nullopt;
  const auto suffix = joined(labels, 3);
  if (suffix == "on.aws") return ecr_host(labels[0], labels[2], "amazonaws.com");
  if (suffix == "on.amazonwebservices.com.cn") return ecr_host(labels[0], labels[2], "amazonaws.com.cn");
  return std::nullopt;
}

std::string canonical_name(std::string name) {
  if (name == "index.docker.io" || name == "registry-1.docker.io") return "docker.io";
  if (name.starts_with('[') && name.ends_with(']'))
    if (const auto groups = parse_ipv6(std::string_view(name).substr(1, name.size() - 2)))
      return "[" + ipv6_text(*groups) + "]";
  if (auto ecr = canonical_ecr(name)) return *std::move(ecr);
  return name;
}

}  // namespace

std::string canonical_registry(std::string_view host) {
  const auto [name, port] = split_port(host);
  auto canonical = canonical_name(ascii_lower(name));
  // `buildhost:443/x` is a host, `buildhost/x` a name on Docker Hub: there the port has to stay.
  if (port && (*port != "443" || !looks_like_host(canonical))) canonical.append(":").append(*port);
  return canonical;
}

}  // namespace tegata
