// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {

void ask(const AllowedRegistries&, ImageQuestions&) {}

RawFindings judge(const AllowedRegistries& check, const ImageEvidence& image) {
  const auto& repository = image.reference.repository();
  const bool allowed = std::any_of(check.globs.begin(), check.globs.end(),
                                   [&](const ImageGlob& glob) { return glob.matches(repository); });
  if (allowed) return {};
  std::vector<std::string> globs;
  for (const auto& glob : check.globs) globs.push_back(glob.text());
  return {{Reason::RegistryNotAllowed, "an image from " + listed(globs), printable(repository.text()),
           "push the image to an allowed registry and deploy it from there, or " +
               std::string(kPlatformTeam) + "allow its registry in this rule"}};
}

}  // namespace tegata::policy
