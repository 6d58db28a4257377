// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {

std::optional<RawFinding> judge_registry(const AllowedRegistries& check, const ImageReference& image) {
  const bool allowed = std::any_of(check.globs.begin(), check.globs.end(),
                                   [&](const ImageGlob& glob) { return glob.matches(image.repository()); });
  if (allowed) return std::nullopt;
  std::vector<std::string> globs;
  for (const auto& glob : check.globs) globs.push_back(glob.text());
  return RawFinding{FindingKind::Violates, Reason::RegistryNotAllowed, "an image from " + listed(globs),
                    printable(image.repository().text())};
}

}  // namespace tegata::policy
