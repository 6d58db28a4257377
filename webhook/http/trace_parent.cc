// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/trace_parent.h"

#include <algorithm>
#include <cstddef>

namespace tegata::webhook::http {
namespace {

// version "-" trace-id "-" parent-id "-" trace-flags
constexpr std::size_t kVersion = 2;
constexpr std::size_t kTraceId = 32;
constexpr std::size_t kParentId = 16;
constexpr std::size_t kFlags = 2;

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view digits) { return digits.find_first_not_of('0') == digits.npos; }

/// The next `size` characters, and the dash or the end after them; empty if they are not hex digits.
std::string_view take_field(std::string_view& rest, std::size_t size) {
  if (rest.size() < size || (rest.size() > size && rest[size] != '-')) return {};
  const auto field = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return is_lower_hex(field) ? field : std::string_view{};
}

}  // namespace

std::string_view trace_id_of(std::string_view value) noexcept {
  constexpr auto kLength = kVersion + 1 + kTraceId + 1 + kParentId + 1 + kFlags;
  auto rest = value;
  const auto version = take_field(rest, kVersion);
  const auto trace_id = take_field(rest, kTraceId);
  const auto parent_id = take_field(rest, kParentId);
  const auto flags = take_field(rest, kFlags);
  if (version.empty() || trace_id.empty() || parent_id.empty() || flags.empty()) return {};
  if (version == "ff" || (version == "00" && value.size() != kLength)) return {};
  return is_zero(trace_id) || is_zero(parent_id) ? std::string_view{} : trace_id;
}

}  // namespace tegata::webhook::http
