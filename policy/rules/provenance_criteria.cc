// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/provenance.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kShownCriterion = 160;

std::string unmet(std::string_view what, std::string_view expected, std::string_view found) {
  return std::string(what) + ": expected " + quoted(expected, kShownCriterion) + ", found " +
         (found.empty() ? "nothing" : quoted(found, kShownCriterion));
}

std::optional<std::string> image_mismatch(const std::vector<Digest>& allowed, const Provenance& provenance) {
  std::vector<std::string> texts;
  for (const auto& digest : allowed) texts.push_back(digest.text());
  const auto expected = "base images: expected " + listed(texts) + ", found ";
  if (provenance.image_without_digest) return expected + "an image without a sha256 digest";
  if (provenance.images.empty()) return expected + "none";
  for (const auto& digest : provenance.images)
    if (std::find(allowed.begin(), allowed.end(), digest) == allowed.end()) return expected + digest.text();
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ProvenanceCriteria::mismatch(const Provenance& provenance) const {
  if (builder && !builder->matches(provenance.builder))
    return unmet("builder", builder->text(), provenance.builder);
  const auto source = provenance.source_repository.value_or("");
  if (source_repository && !source_repository->matches(source))
    return unmet("source repository", source_repository->text(), source);
  if (build_type && *build_type != provenance.build_type)
    return unmet("build type", *build_type, provenance.build_type);
  return base_images.empty() ? std::nullopt : image_mismatch(base_images, provenance);
}

}  // namespace tegata::policy
