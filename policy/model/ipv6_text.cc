// SPDX-License-Identifier: Apache-2.0
#include "policy/model/ipv6_text.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace tegata {
namespace {

/// `a:b:c`, at most eight groups of one to four hex digits; empty text is no group at all.
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

}  // namespace tegata
