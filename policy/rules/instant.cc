// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/instant.h"

#include <charconv>
#include <cstdint>

#include "policy/model/rfc3339.h"

namespace tegata::policy {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::days kFarthest{36500};

std::optional<std::chrono::seconds> unit_of(char c) {
  if (c == 's') return std::chrono::seconds(1);
  if (c == 'm') return std::chrono::minutes(1);
  if (c == 'h') return std::chrono::hours(1);
  if (c == 'd') return std::chrono::days(1);
  return std::nullopt;
}

/// What follows `now`: nothing, or a sign, a number and a unit.
std::optional<milliseconds> read_offset(std::string_view text) {
  if (text.empty()) return milliseconds(0);
  const bool signed_ = text.front() == '+' || text.front() == '-';
  const auto unit = unit_of(text.back());
  if (!signed_ || !unit || text.size() < 3 || text.size() > 12) return std::nullopt;
  std::uint64_t count = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, count);
  if (error != std::errc() || end != last || count > static_cast<std::uint64_t>(kFarthest / *unit))
    return std::nullopt;
  return (text.front() == '-' ? -1 : 1) * static_cast<std::int64_t>(count) * milliseconds(*unit);
}

}  // namespace

Result<Instant> Instant::parse(std::string_view text) {
  if (text.starts_with("now")) {
    if (const auto offset = read_offset(text.substr(3)))
      return Instant{std::string(text), std::nullopt, *offset};
  } else if (const auto time = read_rfc3339(text, TimeForm::Lenient)) {
    return Instant{std::string(text), *time, milliseconds(0)};
  }
  return Error{ErrorCode::Malformed,
               "expected a time of RFC 3339 (2027-01-31T00:00:00Z), now, or now with a distance of at most "
               "36500 days (now-168h; s, m, h or d)"};
}

}  // namespace tegata::policy
