// SPDX-License-Identifier: Apache-2.0
#include "policy/document/coverage.h"

#include <algorithm>

namespace tegata::policy {
namespace {

constexpr std::string_view kEvery = "**";

bool covers(std::string_view outer, std::string_view inner) {
  if (outer == kEvery || outer == inner) return true;
  if (!outer.ends_with("/**")) return false;
  const auto prefix = outer.substr(0, outer.size() - 2);
  return prefix.find('*') == std::string_view::npos && inner.starts_with(prefix);
}

bool covers_one(const std::vector<ImageGlob>& outer, std::string_view inner) {
  if (outer.empty()) return true;
  return std::any_of(outer.begin(), outer.end(),
                     [&](const ImageGlob& glob) { return covers(glob.text(), inner); });
}

/// Whether one signature rule that holds wherever `policy` does looks at all of these images.
bool is_signed(const PolicySet& set, const Policy& policy, std::string_view images) {
  for (const auto& other : set.policies) {
    if (&other != &policy && other.match) continue;
    for (const auto& rule : other.rules)
      if (std::holds_alternative<SignatureCheck>(rule.check) && covers_one(rule.images, images)) return true;
  }
  return false;
}

bool bounds_what_runs(const Policy& policy, const Rule& rule) {
  const auto enforcement = rule.costs.enforcement ? rule.costs.enforcement : policy.costs.enforcement;
  return std::holds_alternative<AllowedRegistries>(rule.check) && rule.images.empty() &&
         enforcement.value_or(Enforcement::Deny) == Enforcement::Deny;
}

}  // namespace

bool covers_all(const std::vector<ImageGlob>& outer, const std::vector<ImageGlob>& inner) {
  if (inner.empty()) return covers_one(outer, kEvery);
  return std::all_of(inner.begin(), inner.end(),
                     [&](const ImageGlob& glob) { return covers_one(outer, glob.text()); });
}

std::vector<std::pair<SourceMark, std::string>> unsigned_images(const PolicySet& set, const Policy& policy) {
  using Found = std::vector<std::pair<SourceMark, std::string>>;
  if (is_signed(set, policy, kEvery)) return {};
  std::optional<Found> first;
  // An image must pass all of the rules, so that one whose globs are all signed for is enough.
  for (const auto& rule : policy.rules) {
    if (!bounds_what_runs(policy, rule)) continue;
    Found found;
    for (const auto& glob : std::get<AllowedRegistries>(rule.check).globs)
      if (!is_signed(set, policy, glob.text())) found.emplace_back(rule.mark, "'" + glob.text() + "'");
    if (found.empty()) return {};
    if (!first) first = std::move(found);
  }
  if (first) return *std::move(first);
  return {{policy.mark, "all images that may run"}};
}

}  // namespace tegata::policy
