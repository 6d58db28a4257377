// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/known_fact.h"

namespace tegata::policy {
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
