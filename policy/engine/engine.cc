// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/engine.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "policy/engine/applicable.h"
#include "policy/engine/conclude.h"
#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/rules.h"

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

/// All that a built-in controller makes for owners has one user: there the namespace counts, too.
std::string user_of(const DeploymentRequest& request) {
  auto user = request.deployer.who.value_or("");
  if (request.deployer.question == DeployerQuestion::ControllerChild) user += " in " + request.ns;
  return user;
}

}  // namespace

EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now,
                  const ObserveImage& observe) {
  const auto matched = matching(policies, request);
  EvidencePlan plan;
  // The policies do not cover this request, so no registry may be called for it.
  if (matched.empty()) return plan;
  plan.user = user_of(request);
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

namespace {

/// The state of one call of judge.
class Judgement {
 public:
  Judgement(const PolicySet& policies, const DeploymentRequest& request, const GatheredFacts& facts,
            const JudgeOptions& options)
      : request_(request), facts_(facts), options_(options), matching_(matching(policies, request)) {}

  /// The verdict of the rules about the request as a whole.
  Verdict verdict_on_request() && {
    for (const auto* policy : matching_)
      for (const auto& rule : policy->rules) judge_request(*policy, rule);
    return conclude(std::move(verdict_));
  }

  Verdict verdict() && {
    if (matching_.empty()) return unmatched(request_, options_);
    for (const auto* policy : matching_) {
      if (request_.images_unknown) add_unknown_images(*policy);
      for (const auto& rule : policy->rules) judge_request(*policy, rule);
    }
    for (const auto& image : request_.images) judge_image(image);
    if (request_.images.empty() && !request_.images_unknown)
      warn("no container names an image: there was none to judge");
    return conclude(std::move(verdict_));
  }

 private:
  void add_unknown_images(const Policy& policy);
  void judge_request(const Policy& policy, const Rule& rule);
  void judge_image(const ContainerImage& image);
  void judge_rule(const ApplicableRule& each, const ContainerImage& image, ImageEvidence evidence);
  [[nodiscard]] RawFindings findings_of(const ApplicableRule& each, const ImageEvidence& evidence);
  void list_image(const ImageEvidence& evidence);
  void warn(std::string warning);
  /// True if an exemption takes the rule away; it is reported, with a warning when it ends soon. `image`:
  /// canonical, or empty for the request.
  bool is_lifted(const Policy& policy, const Rule& rule, const Exemption* exemption,
                 const std::string& image);
  void report_use(const Policy& policy, const Rule& rule, const Exemption& exemption,
                  const std::string& image);
  [[nodiscard]] const ImageFacts* facts_of(const ImageReference& image) const;

  const DeploymentRequest& request_;
  const GatheredFacts& facts_;
  const JudgeOptions& options_;
  const std::vector<const Policy*> matching_;
  Verdict verdict_;
  using RuleAndImage = std::pair<const Rule*, std::string>;
  std::map<RuleAndImage, RawFindings> costly_;
  std::set<RuleAndImage> reported_;  ///< whose exemptions of single vulnerabilities were looked at
};

const ImageFacts* Judgement::facts_of(const ImageReference& image) const {
  for (const auto& facts : facts_.images)
    if (facts.image == image.canonical()) return &facts;
  return nullptr;
}

void Judgement::warn(std::string warning) {
  auto& warnings = verdict_.warnings;
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end())
    warnings.push_back(std::move(warning));
}

bool Judgement::is_lifted(const Policy& policy, const Rule& rule, const Exemption* exemption,
                          const std::string& image) {
  if (exemption == nullptr) return false;
  report_use(policy, rule, *exemption, image);
  return true;
}

void Judgement::report_use(const Policy& policy, const Rule& rule, const Exemption& exemption,
                           const std::string& image) {
  UsedExemption used{policy.name,
                     rule.name,
                     image,
                     exemption.reason,
                     exemption.owner,
                     exemption.expires_text,
                     exemption.vulnerabilities};
  auto& all = verdict_.exemptions;
  if (std::find(all.begin(), all.end(), used) == all.end()) all.push_back(std::move(used));
  if (ends_soon(exemption, options_.now)) warn(ending_warning(policy, rule, exemption));
}

/// The images are not known, so each matching policy has something that could not be checked.
void Judgement::add_unknown_images(const Policy& policy) {
  RawFinding raw{Reason::TaskDefinitionUnknown, "a task definition, to read its images",
                 sentence(request_.images_unknown->message, 300),
                 "name the folder of the task definition that the call starts: --task-definitions DIR"};
  verdict_.findings.push_back(request_finding(std::move(raw), {policy, nullptr, request_, options_}));
}

/// Visits each kind of rule. One about images says nothing of the request as a whole.
struct JudgeRequest {
  const DeploymentRequest& request;
  std::optional<RequestJudgement> operator()(const DeployersCheck& check) const {
    return judge(check, request);
  }
  template <typename ImageCheck>
  std::optional<RequestJudgement> operator()(const ImageCheck&) const {
    return std::nullopt;
  }
};

/// Judges the rules about one image.
struct JudgeImage {
  const ImageEvidence& image;
  template <typename ImageCheck>
  RawFindings operator()(const ImageCheck& check) const {
    return judge(check, image);
  }
  RawFindings operator()(const DeployersCheck&) const { return {}; }
};

void Judgement::judge_request(const Policy& policy, const Rule& rule) {
  auto said = std::visit(JudgeRequest{request_}, rule.check);
  if (!said || is_lifted(policy, rule, exemption_for(policy, rule, request_, options_.now), {})) return;
  if (!said->not_evaluable.empty())
    warn("rule " + rule.name + " of policy " + policy.name + " is not evaluable: " + said->not_evaluable);
  for (auto& raw : said->findings)
    verdict_.findings.push_back(request_finding(std::move(raw), {policy, &rule, request_, options_}));
}

/// The digest judged: the written one, or what the tag names if a rule that looks at it asked.
std::optional<Digest> judged_digest(const ImageEvidence& image, const ApplicableRules& applicable) {
  if (image.reference.digest()) return image.reference.digest();
  if (image.facts == nullptr || applicable.lookup == Lookup::Refused) return std::nullopt;
  const bool asked = std::any_of(applicable.rules.begin(), applicable.rules.end(), [&](const auto& each) {
    return each.lifted_by == nullptr && asks_tag(each.rule.check, image.reference);
  });
  if (!asked) return std::nullopt;
  const auto known = resolved_tag(image, {});
  if (std::holds_alternative<RawFinding>(known)) return std::nullopt;
  return std::get<Digest>(known);
}

void Judgement::list_image(const ImageEvidence& evidence) {
  const auto& name = evidence.reference.canonical();
  auto& images = verdict_.images;
  auto same = std::find_if(images.begin(), images.end(),
                           [&](const JudgedImage& judged) { return judged.image == name; });
  if (same == images.end()) same = images.insert(images.end(), {name, std::nullopt, false});
  if (!same->digest) same->digest = evidence.digest;
  same->refused |= evidence.lookup == Lookup::Refused;
}

void Judgement::judge_image(const ContainerImage& image) {
  if (!image.reference.ok()) {
    if (image.unchanged) return;
    for (const auto* policy : matching_)
      verdict_.findings.push_back(invalid_reference(image, {*policy, nullptr, request_, options_}));
    return;
  }
  const auto applicable = applicable_rules(matching_, image, options_.now);
  const auto& reference = *image.reference;
  ImageEvidence evidence{reference, facts_of(reference), applicable.lookup, options_.now};
  evidence.digest = judged_digest(evidence, applicable);
  list_image(evidence);
  for (const auto& each : applicable.rules) judge_rule(each, image, evidence);
}

/// What the rule finds in the image. Kept where that may be costly: a Pod can name one image 512 times.
RawFindings Judgement::findings_of(const ApplicableRule& each, const ImageEvidence& evidence) {
  if (request_.images.size() == 1 || !std::holds_alternative<VulnerabilitiesCheck>(each.rule.check))
    return std::visit(JudgeImage{evidence}, each.rule.check);
  const auto [known, is_new] = costly_.try_emplace({&each.rule, evidence.reference.canonical()});
  if (is_new) known->second = std::visit(JudgeImage{evidence}, each.rule.check);
  return known->second;
}

void Judgement::judge_rule(const ApplicableRule& each, const ContainerImage& image, ImageEvidence evidence) {
  const auto& name = evidence.reference.canonical();
  if (is_lifted(each.policy, each.rule, each.lifted_by, name)) return;
  std::vector<ScopedExemption> scoped;
  for (const auto* exemption : each.scoped) scoped.push_back({exemption->vulnerabilities});
  if (!scoped.empty() && reported_.emplace(&each.rule, name).second) {
    const auto overlooked = overlooks(each.rule.check, evidence, scoped);
    for (std::size_t i = 0; i < scoped.size(); ++i)
      if (overlooked[i]) report_use(each.policy, each.rule, *each.scoped[i], name);
  }
  evidence.exemptions = scoped;
  for (auto& raw : findings_of(each, evidence))
    verdict_.findings.push_back(
        image_finding(std::move(raw), image, evidence.digest, {each.policy, &each.rule, request_, options_}));
}

}  // namespace

bool denied_by_deployer(const PolicySet& policies, const DeploymentRequest& request,
                        const JudgeOptions& options) {
  const GatheredFacts none;
  return Judgement(policies, request, none, options).verdict_on_request().decision == Decision::Deny;
}

Verdict judge(const PolicySet& policies, const DeploymentRequest& request, const GatheredFacts& facts,
              const JudgeOptions& options) {
  return Judgement(policies, request, facts, options).verdict();
}

}  // namespace tegata::policy
