// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/json_equality.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;
using Member = std::pair<std::string_view, dom::element>;

std::vector<Member> sorted(dom::object object) {
  std::vector<Member> members;
  for (const auto field : object) members.emplace_back(field.key, field.value);
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.first < b.first; });
  return members;
}

template <typename T>
bool same_as(dom::element a, dom::element b) {
  T left;
  T right;
  return a.get(left) == simdjson::SUCCESS && b.get(right) == simdjson::SUCCESS && left == right;
}

bool same_array(dom::element a, dom::element b) {
  dom::array left;
  dom::array right;
  if (a.get(left) != simdjson::SUCCESS || b.get(right) != simdjson::SUCCESS) return false;
  auto other = right.begin();
  for (const auto element : left) {
    if (!(other != right.end()) || !same_json(element, *other)) return false;
    ++other;
  }
  return !(other != right.end());
}

}  // namespace

bool same_json(dom::object a, dom::object b) {
  const auto left = sorted(a);
  const auto right = sorted(b);
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](const Member& x, const Member& y) { return x.first == y.first && same_json(x.second, y.second); });
}

bool same_json(dom::element a, dom::element b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case dom::element_type::ARRAY:
      return same_array(a, b);
    case dom::element_type::OBJECT: {
      dom::object left;
      dom::object right;
      return a.get(left) == simdjson::SUCCESS && b.get(right) == simdjson::SUCCESS && same_json(left, right);
    }
    case dom::element_type::INT64:
      return same_as<std::int64_t>(a, b);
    case dom::element_type::UINT64:
      return same_as<std::uint64_t>(a, b);
    case dom::element_type::DOUBLE:
      return same_as<double>(a, b);
    case dom::element_type::STRING:
      return same_as<std::string_view>(a, b);
    case dom::element_type::BOOL:
      return same_as<bool>(a, b);
    case dom::element_type::NULL_VALUE:
      return true;
  }
  return false;
}

}  // namespace tegata::webhook::kubernetes
