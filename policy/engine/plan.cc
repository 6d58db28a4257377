// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/plan.h"

#include <set>

#include "policy/engine/applicable.h"
#include "policy/engine/exemptions.h"
#include "policy/engine/match.h"
#include "policy/model/image_labels.h"
#include "policy/model/signature_facts.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

void add_what_rule_asks(ImageQuestions& image, const Rule& rule) {
  if (asks_tag(rule.check, image.image)) image.ask_tag();
  if (asks_labels(rule.check)) image.ask<LabelKind>({});
  if (const auto* demand = signer_demand_of(rule.check))
    image.ask<SignatureKind>({signature_repository(*demand, image.image), {demand->trust}});
}

void add_what_rules_ask(ImageQuestions& questions, const std::vector<const Policy*>& policies,
                        const ContainerImage& image, Time now) {
  for (const auto* policy : policies)
    for (const auto& rule : policy->rules)
      if (looks_at(rule, image) && exemption_for(*policy, rule, *image.reference, now) == nullptr)
        add_what_rule_asks(questions, rule);
}

}  // namespace

EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now,
                  const ObserveImage& observe) {
  const auto matched = matching(policies, request);
  EvidencePlan plan;
  // No policy says anything about such a request, so no registry may be called for it.
  if (matched.empty()) return plan;
  std::set<std::string_view> seen;
  for (const auto& image : request.images) {
    if (image.unchanged || !image.reference.ok()) continue;
    if (!seen.insert(image.reference->canonical()).second) continue;
    if (is_refused(matched, image, now)) continue;
    ImageQuestions questions{*image.reference};
    add_what_rules_ask(questions, matched, image, now);
    if (observe) observe(questions);
    if (!questions.empty()) plan.images.push_back(std::move(questions));
  }
  return plan;
}

}  // namespace tegata::policy
