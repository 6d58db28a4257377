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

namespace {

/// Does not mention the tag: another rule may require a different one.
std::string remedy_of(const ImageEvidence& image) {
  if (image.digest) return "add the digest to the reference: @" + image.digest->text();
  const auto tag = image.reference.tag().value_or("TAG");
  return "add the digest to the reference: @DIGEST, as `docker buildx imagetools inspect " +
         image.reference.repository().text() + ":" + tag + "` prints it";
}

}  // namespace

void ask(const DigestCheck&, ImageQuestions&) {}

RawFindings judge(const DigestCheck&, const ImageEvidence& image) {
  if (image.reference.digest()) return {};
  return {{Reason::DigestRequired, "a digest in the reference (@sha256:...)",
           "only the tag " + quoted(*image.reference.effective_tag()) + ", which can be moved",
           remedy_of(image)}};
}

}  // namespace tegata::policy
