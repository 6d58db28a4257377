// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/plan.h"

#include <set>

#include "policy/engine/applicable.h"

namespace tegata::policy {
namespace {

/// Visits each kind of rule. One about the request asks nothing about images.
struct Ask {
  ImageQuestions& image;
  template <typename ImageCheck>
  void operator()(const ImageCheck& check) const {
    ask(check, image);
  }
  void operator()(const DeployersCheck&) const {}
};

}  // namespace

EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now,
                  const ObserveImage& observe) {
  const auto matched = matching(policies, request);
  EvidencePlan plan;
  // The policies do not cover this request, so no registry may be called for it.
  if (matched.empty()) return plan;
  std::set<std::string_view> seen;
  for (const auto& image : request.images) {
    if (image.unchanged || !image.reference.ok()) continue;
    if (!seen.insert(image.reference->canonical()).second) continue;
    const auto applicable = applicable_rules(matched, image, now);
    if (applicable.lookup == Lookup::Refused) continue;
    ImageQuestions questions{*image.reference};
    for (const auto& each : applicable.rules)
      if (each.lifted_by == nullptr) std::visit(Ask{questions}, each.rule.check);
    if (observe) observe(questions);
    if (!questions.empty()) plan.images.push_back(std::move(questions));
  }
  return plan;
}

}  // namespace tegata::policy
