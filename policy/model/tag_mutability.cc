// SPDX-License-Identifier: Apache-2.0
#include "policy/model/tag_mutability.h"

namespace tegata {
namespace {

/// Linear but for one star: a mismatch goes back to the last star, which then takes one more character.
bool matches_filter(std::string_view filter, std::string_view tag) noexcept {
  std::size_t f = 0, t = 0, star = filter.npos, retry = 0;
  while (t < tag.size()) {
    if (f < filter.size() && filter[f] == '*') {
      star = f++;
      retry = t;
    } else if (f < filter.size() && filter[f] == tag[t]) {
      ++f, ++t;
    } else if (star != filter.npos) {
      f = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return filter.find_first_not_of('*', f) == filter.npos;
}

}  // namespace

const std::string* TagMutability::filter_of(std::string_view tag) const noexcept {
  for (const auto& filter : except)
    if (matches_filter(filter, tag)) return &filter;
  return nullptr;
}

bool TagMutability::holds(std::string_view tag) const noexcept {
  switch (setting) {
    case Setting::Mutable:
      return filter_of(tag) != nullptr;
    case Setting::Immutable:
      return filter_of(tag) == nullptr;
    case Setting::NotOffered:
      return false;
  }
  return false;
}

}  // namespace tegata
