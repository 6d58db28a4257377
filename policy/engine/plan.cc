// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/plan.h"

#include <algorithm>
#include <set>

#include "policy/engine/applicable.h"
#include "policy/engine/match.h"

namespace tegata::policy {
namespace {

/// Visits each kind of rule. One about the request asks nothing about images.
struct Ask {
  const ImageReference& image;
  ImageQuestions& questions;
  template <typename ImageCheck>
  void operator()(const ImageCheck& check) const {
    ask(check, image, questions);
  }
  void operator()(const DeployersCheck&) const {}
};

void add_what_observing_asks(ImageQuestions& questions) {
  questions.resolve_tag |= questions.image.effective_tag().has_value();
  questions.labels = true;
  const auto& own = questions.image.repository();
  const bool asked =
      std::any_of(questions.signatures.begin(), questions.signatures.end(),
                  [&](const SignatureQuestion& question) { return question.repository == own; });
  if (!asked) questions.signatures.push_back({own, TrustSettings::of({})});
  for (auto& question : questions.signatures) question.trust = TrustSettings::reaching_all(*question.trust);
}

enum class Observing { No, Yes };

EvidencePlan planned(const PolicySet& policies, const DeploymentRequest& request, Time now,
                     Observing observing) {
  const auto matched = matching(policies, request);
  EvidencePlan plan;
  // No policy says anything of such a request, so there is no permission to call anyone for it.
  if (matched.empty()) return plan;
  std::set<std::string_view> seen;
  for (const auto& image : request.images) {
    if (image.unchanged || !image.reference.ok()) continue;
    if (!seen.insert(image.reference->canonical()).second) continue;
    const auto applicable = applicable_rules(matched, image, now);
    if (applicable.lookup == Lookup::Refused) continue;
    ImageQuestions questions{*image.reference, false, {}};
    for (const auto& each : applicable.rules)
      if (each.lifted_by == nullptr) std::visit(Ask{*image.reference, questions}, each.rule.check);
    if (observing == Observing::Yes) add_what_observing_asks(questions);
    if (!questions.empty()) plan.images.push_back(std::move(questions));
  }
  return plan;
}

}  // namespace

EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now) {
  return planned(policies, request, now, Observing::No);
}

EvidencePlan plan_observing(const PolicySet& policies, const DeploymentRequest& request, Time now) {
  return planned(policies, request, now, Observing::Yes);
}

}  // namespace tegata::policy
