// SPDX-License-Identifier: Apache-2.0
// `denied`: images that have been withdrawn, by digest.
#include <algorithm>

#include "policy/model/index_manifests.h"
#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

std::string expected_of(const DeniedCheck& check) {
  return "an image that is not on the list " + quoted(check.file);
}

RawFinding denied(const DeniedCheck& check, std::string found) {
  return {Reason::DigestDenied, expected_of(check), std::move(found) + ", which is on the list",
          "deploy another build of the image: this one has been withdrawn; if it was listed by mistake, " +
              std::string(kPlatformTeam) + "take it off the list"};
}

std::string words_for(const ImageEvidence& image, const Digest& digest) {
  if (image.reference.digest()) return "the digest in the reference is " + digest.text();
  return "the tag " + quoted(*image.reference.effective_tag()) + " names " + digest.text();
}

}  // namespace

void ask(const DeniedCheck& check, ImageQuestions& image) {
  if (!check.names(image.image)) image.ask<ManifestsKind>({});
}

RawFindings judge(const DeniedCheck& check, const ImageEvidence& image) {
  if (check.names(image.reference)) return {denied(check, words_for(image, *image.reference.digest()))};
  if (image.lookup == Lookup::Refused) return {};
  const auto expected = expected_of(check);
  auto named = digest_of(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&named)) return {std::move(*finding)};
  const Digest digest = std::get<Digest>(named);
  if (check.list->contains(digest)) return {denied(check, words_for(image, digest))};
  const auto* fact = image.facts == nullptr ? nullptr : image.facts->facts.find<ManifestsKind>();
  auto known = known_value<ManifestsKind>(fact, expected, "the registry has no such image",
                                          image.reference.repository());
  if (auto* finding = std::get_if<RawFinding>(&known)) return {std::move(*finding)};
  const auto& manifests = std::get<const IndexManifests*>(known)->digests;
  const auto listed_one =
      std::ranges::find_if(manifests, [&](const Digest& manifest) { return check.list->contains(manifest); });
  if (listed_one == manifests.end()) return {};
  return {denied(check, "the index " + digest.text() + " holds the manifest " + listed_one->text())};
}

}  // namespace tegata::policy
