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

std::optional<RawFinding> judge_base_image(const BaseImageCheck& check, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return std::nullopt;
  auto expected = expected_base(check);
  auto at_hand = known_labels(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&at_hand)) return std::move(*finding);
  const auto* base = std::get<const ImageLabels*>(at_hand)->find(kBaseDigest);
  if (base == nullptr)
    return RawFinding{FindingKind::Missing, Reason::BaseImageMissing, std::move(expected),
                      "neither an annotation nor a label of that name"};
  if (is_approved(check, *base)) return std::nullopt;
  return RawFinding{FindingKind::Violates, Reason::BaseImageNotAllowed, std::move(expected),
                    quoted(*base, 80)};
}

}  // namespace tegata::policy
