// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/judge.h"

#include <algorithm>
#include <set>

#include "policy/engine/applicable.h"
#include "policy/engine/conclude.h"
#include "policy/engine/cost.h"
#include "policy/engine/exemptions.h"
#include "policy/engine/findings.h"
#include "policy/engine/match.h"
#include "policy/model/printable.h"
#include "policy/rules/deployers.h"
#include "policy/rules/image_rules.h"
#include "policy/rules/known_fact.h"

namespace tegata::policy {
namespace {

/// One call of judge, while it collects.
class Judgement {
 public:
  Judgement(const PolicySet& policies, const DeploymentRequest& request, const GatheredFacts& facts,
            const JudgeOptions& options)
      : request_(request), facts_(facts), options_(options), matching_(matching(policies, request)) {}

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
  void judge_rule(const Policy& policy, const Rule& rule, const ContainerImage& image,
                  const ImageEvidence& evidence, std::optional<Digest> digest);
  void list_image(const ImageReference& image, std::optional<Digest> digest);
  void warn(std::string warning);
  /// True if an exemption takes the rule away; it is told, and warned of when it ends soon. `image`:
  /// canonical, or empty for the request.
  bool is_lifted(const Policy& policy, const Rule& rule, const Exemption* exemption,
                 const std::string& image);
  [[nodiscard]] const ImageFacts* facts_of(const ImageReference& image) const;
  [[nodiscard]] std::optional<Digest> judged_digest(const ContainerImage& image,
                                                    const ImageEvidence& evidence) const;

  const DeploymentRequest& request_;
  const GatheredFacts& facts_;
  const JudgeOptions& options_;
  const std::vector<const Policy*> matching_;
  Verdict verdict_;
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
  UsedExemption used{policy.name,       rule.name,        image,
                     exemption->reason, exemption->owner, exemption->expires_text};
  auto& all = verdict_.exemptions;
  if (std::find(all.begin(), all.end(), used) == all.end()) all.push_back(std::move(used));
  if (ends_soon(*exemption, options_.now)) warn(ending_warning(policy, rule, *exemption));
  return true;
}

/// No image is named, and that proves nothing: each policy has something that could not be checked.
void Judgement::add_unknown_images(const Policy& policy) {
  RawFinding raw{FindingKind::Unknown, Reason::TaskDefinitionUnknown, "a task definition, to read its images",
                 sentence(request_.images_unknown->message, 300)};
  verdict_.findings.push_back(request_finding(std::move(raw), {policy, nullptr, request_, options_}));
}

void Judgement::judge_request(const Policy& policy, const Rule& rule) {
  const auto* check = std::get_if<DeployersCheck>(&rule.check);
  if (check == nullptr || !covers(*check, request_.platform)) return;
  if (is_lifted(policy, rule, exemption_for(policy, rule, request_, options_.now), {})) return;
  if (request_.deployer.question == DeployerQuestion::NotEvaluable)
    warn("deployers rule " + rule.name + " of policy " + policy.name +
         " is not evaluable: nothing says who deploys");
  if (auto raw = judge_deployer(*check, request_))
    verdict_.findings.push_back(request_finding(*std::move(raw), {policy, &rule, request_, options_}));
}

/// The digest judged: the written one, or what the tag names if a rule that looks at it asked.
std::optional<Digest> Judgement::judged_digest(const ContainerImage& image,
                                               const ImageEvidence& evidence) const {
  if (evidence.reference.digest()) return evidence.reference.digest();
  if (evidence.facts == nullptr || evidence.lookup == Lookup::Refused) return std::nullopt;
  auto known = resolved_tag(evidence.facts, {});
  if (std::holds_alternative<RawFinding>(known)) return std::nullopt;
  for (const auto* policy : matching_)
    for (const auto& rule : policy->rules)
      if (looks_at(rule, image) && asks_tag(rule.check, evidence.reference) &&
          exemption_for(*policy, rule, evidence.reference, options_.now) == nullptr)
        return std::get<Digest>(known);
  return std::nullopt;
}

void Judgement::list_image(const ImageReference& image, std::optional<Digest> digest) {
  auto& images = verdict_.images;
  const auto same = std::find_if(images.begin(), images.end(), [&](const JudgedImage& judged) {
    return judged.image == image.canonical();
  });
  if (same == images.end())
    images.push_back({image.canonical(), digest});
  else if (!same->digest)
    same->digest = digest;
}

void Judgement::judge_image(const ContainerImage& image) {
  if (!image.reference.ok()) {
    if (image.unchanged) return;
    for (const auto* policy : matching_)
      verdict_.findings.push_back(invalid_reference(image, {*policy, nullptr, request_, options_}));
    return;
  }
  const auto& reference = *image.reference;
  const Lookup lookup = is_refused(matching_, image, options_.now) ? Lookup::Refused : Lookup::Allowed;
  const ImageEvidence evidence{reference, facts_of(reference), lookup, options_.now};
  const auto digest = judged_digest(image, evidence);
  list_image(reference, digest);
  for (const auto* policy : matching_)
    for (const auto& rule : policy->rules)
      if (looks_at(rule, image)) judge_rule(*policy, rule, image, evidence, digest);
}

std::vector<RawFinding> as_list(std::optional<RawFinding> finding) {
  std::vector<RawFinding> list;
  if (finding) list.push_back(*std::move(finding));
  return list;
}

/// What one rule says of one image. Rules about the request say nothing here.
struct SayOfImage {
  const ImageEvidence& image;
  std::vector<RawFinding> operator()(const AllowedRegistries& check) const {
    return as_list(judge_registry(check, image.reference));
  }
  std::vector<RawFinding> operator()(const TagCheck& check) const { return judge_tag(check, image); }
  std::vector<RawFinding> operator()(const DigestCheck& check) const {
    return as_list(judge_digest(check, image.reference));
  }
  std::vector<RawFinding> operator()(const SignatureCheck& check) const {
    return as_list(judge_signature(check, image));
  }
  std::vector<RawFinding> operator()(const AttestationCheck& check) const {
    return as_list(judge_attestation(check, image));
  }
  std::vector<RawFinding> operator()(const BaseImageCheck& check) const {
    return as_list(judge_base_image(check, image));
  }
  std::vector<RawFinding> operator()(const DeployersCheck&) const { return {}; }
};

void Judgement::judge_rule(const Policy& policy, const Rule& rule, const ContainerImage& image,
                           const ImageEvidence& evidence, std::optional<Digest> digest) {
  const auto* exemption = exemption_for(policy, rule, evidence.reference, options_.now);
  if (is_lifted(policy, rule, exemption, evidence.reference.canonical())) return;
  for (auto& raw : std::visit(SayOfImage{evidence}, rule.check))
    verdict_.findings.push_back(
        image_finding(std::move(raw), image, digest, {policy, &rule, request_, options_}));
}

}  // namespace

Verdict judge(const PolicySet& policies, const DeploymentRequest& request, const GatheredFacts& facts,
              const JudgeOptions& options) {
  return Judgement(policies, request, facts, options).verdict();
}

}  // namespace tegata::policy
