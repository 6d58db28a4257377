// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/exemptions.h"

#include <algorithm>

namespace tegata::policy {
namespace {

constexpr std::chrono::days kWarnBefore{14};

/// Whether it takes a whole rule away.
bool lifts(const Exemption& exemption) { return exemption.vulnerabilities.empty(); }

bool in_force(const Exemption& exemption, const Rule& rule, Time now) {
  return now < exemption.ends &&
         std::find(exemption.rules.begin(), exemption.rules.end(), rule.name) != exemption.rules.end();
}

/// Globs and digests are ANDed where both are given; where neither is, nothing is exempted.
bool covers(const Exemption& exemption, const ImageReference& image) {
  const auto& digests = exemption.digests;
  if (exemption.images.empty() && digests.empty()) return false;
  if (!matches_any(exemption.images, image.repository())) return false;
  return digests.empty() ||
         (image.digest() && std::find(digests.begin(), digests.end(), *image.digest()) != digests.end());
}

bool covers_all(const Exemption& exemption, const std::vector<ContainerImage>& images) {
  return !images.empty() && std::all_of(images.begin(), images.end(), [&](const ContainerImage& image) {
    return image.reference.ok() && covers(exemption, *image.reference);
  });
}

}  // namespace

const Exemption* exemption_for(const Policy& policy, const Rule& rule, const ImageReference& image,
                               Time now) {
  for (const auto& exemption : policy.exemptions)
    if (lifts(exemption) && in_force(exemption, rule, now) && covers(exemption, image)) return &exemption;
  return nullptr;
}

std::vector<ScopedExemption> scoped_exemptions(const Policy& policy, const Rule& rule,
                                               const ImageReference& image, Time now) {
  std::vector<ScopedExemption> scoped;
  for (const auto& exemption : policy.exemptions)
    if (!lifts(exemption) && in_force(exemption, rule, now) && covers(exemption, image))
      scoped.push_back({exemption.vulnerabilities});
  return scoped;
}

const Exemption* exemption_for(const Policy& policy, const Rule& rule, const DeploymentRequest& request,
                               Time now) {
  for (const auto& exemption : policy.exemptions)
    if (lifts(exemption) && in_force(exemption, rule, now) && covers_all(exemption, request.images))
      return &exemption;
  return nullptr;
}

bool ends_soon(const Exemption& exemption, Time now) { return exemption.ends - now <= kWarnBefore; }

std::string ending_warning(const Policy& policy, const Rule& rule, const Exemption& exemption) {
  return "the exemption from rule " + rule.name + " of policy " + policy.name + " (" + exemption.reason +
         ", owner " + exemption.owner + ") ends after " + exemption.expires_text;
}

}  // namespace tegata::policy
