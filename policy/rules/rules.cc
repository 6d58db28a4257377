// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/rules.h"

#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"

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

namespace {

// OCI image-spec, annotations.md.
constexpr std::string_view kBaseDigest = "org.opencontainers.image.base.digest";

std::string expected_base(const BaseImageCheck& check) {
  std::vector<std::string> digests;
  for (const auto& digest : check.digests) digests.push_back(digest.text());
  return "the base image (" + std::string(kBaseDigest) + ") to be " + listed(digests);
}

bool is_approved(const BaseImageCheck& check, const std::string& text) {
  return std::any_of(check.digests.begin(), check.digests.end(),
                     [&](const Digest& digest) { return digest.text() == text; });
}

}  // namespace

void ask(const BaseImageCheck&, ImageQuestions& image) { image.ask<LabelKind>({}); }

RawFindings judge(const BaseImageCheck& check, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return {};
  auto expected = expected_base(check);
  auto available = known_labels(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&available)) return {std::move(*finding)};
  const auto* base = std::get<const ImageLabels*>(available)->find(kBaseDigest);
  if (base == nullptr)
    return {{Reason::BaseImageMissing, std::move(expected), "neither an annotation nor a label of that name",
             std::string(kPipelineOwner) + "record the base image: `docker build --label " +
                 std::string(kBaseDigest) + "=DIGEST ...`"}};
  if (is_approved(check, *base)) return {};
  return {{Reason::BaseImageNotAllowed, std::move(expected), quoted(*base, 80),
           std::string(kPipelineOwner) + "rebuild the image on an approved base image, or " +
               std::string(kPlatformTeam) + "add the digest of this one to this rule"}};
}

}  // namespace tegata::policy
