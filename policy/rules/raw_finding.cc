// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/raw_finding.h"

#include <algorithm>

#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kMostShown = 5;

}  // namespace

RawFinding could_not_check(const Error& error, std::string expected) {
  // "There is no such thing" is never "could not be checked", whichever way it is told.
  const auto kind = error.code == ErrorCode::NotFound ? FindingKind::Missing : FindingKind::Unknown;
  return {kind, reason_of(error.code), std::move(expected), sentence(error.message, 300)};
}

RawFinding not_answered(std::string expected) {
  return {FindingKind::Unknown, Reason::InternalError, std::move(expected),
          "no answer to a question that this rule asks"};
}

std::string listed(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  const std::size_t shown = std::min(words.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i != 0) text += i + 1 == words.size() ? last : ", ";
    text += words[i];
  }
  if (shown < words.size()) text += " and " + std::to_string(words.size() - shown) + " more";
  return text;
}

}  // namespace tegata::policy
