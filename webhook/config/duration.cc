// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/duration.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace tegata::webhook {
namespace {

constexpr std::int64_t kLongest = 10'000LL * 3600 * 1'000'000'000;  // nanoseconds

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
// Longer names first: `ms` is not `m` and then `s`.
constexpr std::array<Unit, 6> kUnits{{{"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1},
                                      {"h", 3'600'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"s", 1'000'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads digits from the front; none if there are none or more than 12.
std::optional<std::string_view> take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  if (n == 0 || n > 12) return std::nullopt;
  const auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

const Unit* take_unit(std::string_view& text) {
  for (const auto& unit : kUnits)
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      return &unit;
    }
  return nullptr;
}

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

/// Reads one `number unit` from the front, in nanoseconds.
std::optional<std::int64_t> take_part(std::string_view& text) {
  const auto whole = take_digits(text);
  if (!whole) return std::nullopt;
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto digits = take_digits(text);
    if (!digits) return std::nullopt;
    fraction = *digits;
  }
  const auto* unit = take_unit(text);
  if (unit == nullptr || number(*whole) > kLongest / unit->nanoseconds) return std::nullopt;
  auto value = number(*whole) * unit->nanoseconds;
  auto place = unit->nanoseconds;
  for (const char c : fraction) value += (c - '0') * (place /= 10);
  return value;
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error malformed{ErrorCode::Malformed,
                        "'" + std::string(text.substr(0, 40)) +
                            "' is not a duration; write it as 500ms, 10s, 1m30s or 24h (at most 10000h)"};
  if (text == "0") return std::chrono::milliseconds{0};
  if (text.empty()) return malformed;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part) return malformed;
    total += *part;
    if (total > kLongest) return malformed;
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(total));
}

}  // namespace tegata::webhook
