// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/commit_id.h"

#include <re2/re2.h>

#include <vector>

namespace tegata::policy {
namespace {

constexpr std::size_t kShortestCommit = 7;
constexpr std::size_t kLongestCommit = 64;

}  // namespace

bool has_commit(const TagCheck& check) {
  return check.commit_id ||
         (check.pattern != nullptr && check.pattern->NamedCapturingGroups().count("commit") == 1);
}

std::string commit_in(const TagCheck& check, const std::string& tag) {
  if (check.pattern == nullptr) return tag;
  const auto& groups = check.pattern->NamedCapturingGroups();
  const auto group = groups.find("commit");
  if (group == groups.end()) return tag;
  std::vector<re2::StringPiece> parts(static_cast<std::size_t>(group->second) + 1);
  if (!check.pattern->Match(tag, 0, tag.size(), re2::RE2::ANCHOR_BOTH, parts.data(), group->second + 1))
    return {};
  return std::string(parts.back());
}

bool is_commit(std::string_view text) noexcept {
  return text.size() >= kShortestCommit && text.size() <= kLongestCommit &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace tegata::policy
