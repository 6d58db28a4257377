// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/applicable.h"

#include <algorithm>

#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

bool any_matches(const std::vector<std::string>& globs, const std::string& name) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return wildcard_matches(glob, name); });
}

bool matches(const Match::Kubernetes& match, const DeploymentRequest& request) {
  if (any_matches(match.exclude_namespaces, request.ns)) return false;
  return match.namespaces.empty() || any_matches(match.namespaces, request.ns);
}

bool matches(const Match::Ecs& match, const DeploymentRequest& request) {
  const auto& accounts = match.accounts;
  const bool account = accounts.empty() || request.account.empty() ||
                       std::find(accounts.begin(), accounts.end(), request.account) != accounts.end();
  const bool cluster =
      match.clusters.empty() || !request.cluster || any_matches(match.clusters, *request.cluster);
  return account && cluster;
}

}  // namespace

bool matches(const Policy& policy, const DeploymentRequest& request) {
  if (!policy.match) return true;
  switch (request.platform) {
    case Platform::Kubernetes:
      return policy.match->kubernetes && matches(*policy.match->kubernetes, request);
    case Platform::Ecs:
      return policy.match->ecs && matches(*policy.match->ecs, request);
  }
  return true;
}

std::vector<const Policy*> matching(const PolicySet& policies, const DeploymentRequest& request) {
  std::vector<const Policy*> found;
  for (const auto& policy : policies.policies)
    if (matches(policy, request)) found.push_back(&policy);
  return found;
}

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
  if (!may_be_lifted(rule.check)) return nullptr;
  for (const auto& exemption : policy.exemptions)
    if (lifts(exemption) && in_force(exemption, rule, now) && covers(exemption, image)) return &exemption;
  return nullptr;
}

std::vector<const Exemption*> scoped_exemptions(const Policy& policy, const Rule& rule,
                                                const ImageReference& image, Time now) {
  std::vector<const Exemption*> scoped;
  for (const auto& exemption : policy.exemptions)
    if (!lifts(exemption) && in_force(exemption, rule, now) && covers(exemption, image))
      scoped.push_back(&exemption);
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

namespace {

bool refuses(const ApplicableRule& each, const ImageReference& image) {
  if (each.lifted_by != nullptr || enforcement_of(each.policy, each.rule) != Enforcement::Deny) return false;
  if (const auto* denied = std::get_if<DeniedCheck>(&each.rule.check)) return denied->names(image);
  const auto* registries = std::get_if<AllowedRegistries>(&each.rule.check);
  return registries != nullptr && !judge(*registries, ImageEvidence{image}).empty();
}

/// Findings without a rule cost what the policy itself says.
bool has_finding_without_rule(const DeploymentRequest& request) {
  return request.images_unknown ||
         std::any_of(request.images.begin(), request.images.end(),
                     [](const ContainerImage& image) { return !image.unchanged && !image.reference.ok(); });
}

/// By a rule about the request, or by a finding without a rule.
bool can_deny_request(const Policy& policy, const DeploymentRequest& request, Time now) {
  if (policy.costs.enforcement.value_or(Enforcement::Deny) == Enforcement::Deny &&
      has_finding_without_rule(request))
    return true;
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
    const auto* deployers = std::get_if<DeployersCheck>(&rule.check);
    return deployers != nullptr && enforcement_of(policy, rule) == Enforcement::Deny &&
           request.deployer.question == DeployerQuestion::Judge && judge(*deployers, request) &&
           exemption_for(policy, rule, request, now) == nullptr;
  });
}

}  // namespace

bool can_deny(const PolicySet& policies, const DeploymentRequest& request, Time now) {
  const auto matched = matching(policies, request);
  if (std::any_of(matched.begin(), matched.end(),
                  [&](const Policy* policy) { return can_deny_request(*policy, request, now); }))
    return true;
  return std::any_of(request.images.begin(), request.images.end(), [&](const ContainerImage& image) {
    const auto rules = applicable_rules(matched, image, now).rules;
    return std::any_of(rules.begin(), rules.end(), [](const ApplicableRule& each) {
      return each.lifted_by == nullptr && enforcement_of(each.policy, each.rule) == Enforcement::Deny;
    });
  });
}

Enforcement enforcement_of(const Policy& policy, const Rule& rule) {
  if (rule.costs.enforcement) return *rule.costs.enforcement;
  return policy.costs.enforcement.value_or(Enforcement::Deny);
}

ApplicableRules applicable_rules(const std::vector<const Policy*>& matching, const ContainerImage& image,
                                 Time now) {
  ApplicableRules found;
  if (image.unchanged || !image.reference.ok()) return found;
  for (const auto* policy : matching)
    for (const auto& rule : policy->rules)
      if (!is_about_request(rule.check) && matches_any(rule.images, image.reference->repository()))
        found.rules.push_back({*policy, rule, exemption_for(*policy, rule, *image.reference, now),
                               scoped_exemptions(*policy, rule, *image.reference, now)});
  if (std::any_of(found.rules.begin(), found.rules.end(),
                  [&](const ApplicableRule& each) { return refuses(each, *image.reference); }))
    found.lookup = Lookup::Refused;
  return found;
}

}  // namespace tegata::policy
