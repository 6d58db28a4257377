// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

/// Says nothing of the tag: another rule may ask for another one.
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
