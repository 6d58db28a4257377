// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/plan.h"

#include <algorithm>
#include <set>

#include "policy/engine/applicable.h"
#include "policy/engine/exemptions.h"
#include "policy/engine/match.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

using Trust = std::shared_ptr<const TrustSettings>;

/// Rules that look in the same repository share one question, with the union of whom they trust.
void ask(ImageQuestions& questions, const Repository& repository, const Trust& trust) {
  for (auto& question : questions.signatures) {
    if (question.repository != repository) continue;
    if (question.trust->id == trust->id) return;
    question.trust = TrustSettings::both(*question.trust, *trust);
    return;
  }
  questions.signatures.push_back({repository, trust});
}

void add_what_rule_asks(ImageQuestions& questions, const Rule& rule) {
  if (asks_tag(rule.check, questions.image)) questions.resolve_tag = true;
  if (asks_labels(rule.check)) questions.labels = true;
  if (const auto* demand = signer_demand_of(rule.check))
    ask(questions, signature_repository(*demand, questions.image), demand->trust);
}

void add_what_rules_ask(ImageQuestions& questions, const std::vector<const Policy*>& policies,
                        const ContainerImage& image, Time now) {
  for (const auto* policy : policies)
    for (const auto& rule : policy->rules)
      if (looks_at(rule, image) && exemption_for(*policy, rule, *image.reference, now) == nullptr)
        add_what_rule_asks(questions, rule);
}

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
  // Nobody says anything of a request that no policy matches, so nobody may be called for it.
  if (matched.empty()) return plan;
  std::set<std::string_view> seen;
  for (const auto& image : request.images) {
    if (image.unchanged || !image.reference.ok()) continue;
    if (!seen.insert(image.reference->canonical()).second) continue;
    if (is_refused(matched, image, now)) continue;
    ImageQuestions questions{*image.reference, false, {}};
    add_what_rules_ask(questions, matched, image, now);
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
