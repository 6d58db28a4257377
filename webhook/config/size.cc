// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/size.h"

#include <charconv>
#include <string>

namespace tegata::webhook {
namespace {

constexpr std::uint64_t kMostBytes = 1024ULL << 40U;

/// By how many bits the unit shifts; -1: not a unit.
int shift_of(std::string_view unit) {
  if (unit.empty()) return 0;
  if (unit.size() == 3 && unit.ends_with("B")) unit.remove_suffix(1);
  if (unit == "Ki") return 10;
  if (unit == "Mi") return 20;
  if (unit == "Gi") return 30;
  return unit == "Ti" ? 40 : -1;
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const int shift = shift_of(text.substr(static_cast<std::size_t>(end - text.data())));
  if (failed != std::errc() || shift < 0 || number > kMostBytes >> static_cast<unsigned>(shift))
    return Error{ErrorCode::Malformed, "'" + std::string(text.substr(0, 40)) +
                                           "' is not a size; write it as 500Mi, 10Gi or a number of bytes"};
  return number << static_cast<unsigned>(shift);
}

}  // namespace tegata::webhook
