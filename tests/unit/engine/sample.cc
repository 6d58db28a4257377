// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/engine/sample.h"

#include "policy/model/image_labels.h"
#include "policy/model/index_manifests.h"

#include <sstream>

namespace tegata::policy::sample {

using tegata::testing::authority_of;
using tegata::testing::digest_of;
using tegata::testing::SignatureForger;

ImageGlob glob(const std::string& text) { return *ImageGlob::parse(text); }
ImageReference reference(const std::string& text) { return *ImageReference::parse(text); }
std::string pinned_image() { return "h.example/app:" + kCommit + "@" + digest_of(0x11).text(); }

Rule rule(std::string name, Check check, std::vector<ImageGlob> images) {
  return {std::move(name), {}, std::move(images), std::move(check), {}};
}

Policy policy(std::vector<Rule> rules, CostSettings costs) {
  Policy policy;
  policy.name = "production";
  policy.costs = costs;
  policy.rules = std::move(rules);
  return policy;
}

PolicySet set(std::vector<Policy> policies) {
  PolicySet set;
  set.policies = std::move(policies);
  return set;
}
PolicySet set(Rule rule) { return set(std::vector{policy({std::move(rule)})}); }

AllowedRegistries registries(const std::vector<std::string>& globs) {
  AllowedRegistries check;
  for (const auto& text : globs) check.globs.push_back(glob(text));
  return check;
}

TagCheck commit_id_tags() {
  TagCheck check;
  check.commit_id = true;
  return check;
}

SignatureCheck signed_by(const std::vector<std::uint8_t>& authorities, SignatureCheck::Combine combine,
                         std::size_t threshold) {
  std::vector<Authority> list;
  for (const auto fill : authorities) list.push_back(authority_of(fill));
  SignatureCheck check;
  check.combine = combine;
  check.threshold = threshold;
  check.trust = TrustSettings::of(std::move(list));
  return check;
}

AttestationCheck attested_by(const std::vector<std::uint8_t>& authorities) {
  AttestationCheck check;
  static_cast<SignerDemand&>(check) = signed_by(authorities, SignerDemand::Combine::AllOf);
  check.type = "vuln";
  check.predicate_type = kVulnerabilities;
  return check;
}

DeployersCheck deployers() {
  DeployersCheck check;
  check.kubernetes = DeployersCheck::Kubernetes{{"argocd/argocd-*"}, {"release-bot"}, {"deployers"}};
  check.ecs = DeployersCheck::Ecs{{"arn:aws:iam::111122223333:role/deploy/*"},
                                  {"states.amazonaws.com"},
                                  {"arn:aws:iam::111122223333:user/robot"},
                                  DeployersCheck::Manual::Deny};
  return check;
}

Exemption exemption(std::vector<std::string> rules, std::vector<ImageGlob> images) {
  return {std::move(rules),
          std::move(images),
          {},
          "vendor fix due",
          "team-pay",
          "2027-01-31",
          Time{std::chrono::sys_days{std::chrono::year{2027} / 2 / 1}},
          {}};
}

ContainerImage image(const std::string& text, std::size_t index) {
  const auto number = std::to_string(index);
  return {"spec.containers[" + number + "].image",
          "c" + number,
          ContainerKind::Container,
          text,
          ImageReference::parse(text),
          /*unchanged=*/false};
}

DeploymentRequest request(const std::vector<std::string>& images) {
  DeploymentRequest request;
  request.ns = "prod";
  request.operation = "CREATE";
  request.kind = "v1 Pod";
  request.name = "shop";
  request.deployer = {DeployerQuestion::Judge, KubernetesUser{"alice", {"system:authenticated"}, ""},
                      "alice"};
  for (std::size_t i = 0; i < images.size(); ++i) request.images.push_back(image(images[i], i));
  return request;
}

DeploymentRequest ecs_request(const std::vector<std::string>& images) {
  auto asked = request(images);
  asked.platform = Platform::Ecs;
  asked.ns.clear();
  asked.account = "111122223333";
  asked.region = "eu-west-1";
  asked.cluster = "prod-1";
  EcsCaller caller;
  caller.arn = "arn:aws:iam::111122223333:role/deploy/ci";
  caller.account = "111122223333";
  asked.deployer = {DeployerQuestion::Judge, caller, caller.arn};
  return asked;
}

JudgeOptions options() {
  JudgeOptions options;
  options.now = kNow;
  return options;
}

namespace {
/// The samples trust keys only.
KeyId key_of(const Authority& authority) { return std::get<KeySigner>(authority.signer).key; }
}  // namespace

GatheredFacts good_facts(const EvidencePlan& plan) {
  GatheredFacts all;
  for (const auto& asked : plan.images) {
    const Digest digest = asked.image.digest().value_or(digest_of(0x11));
    ImageFacts facts{asked.image.canonical()};
    for (const auto& question : asked.questions.of<TagKind>())
      facts.facts.add<TagKind>(question, known_tag(digest));
    for (const auto& question : asked.questions.of<SignatureKind>()) {
      std::vector<AuthorityFacts> authorities;
      const auto trust = question.united();
      for (const auto& authority : trust->authorities)
        authorities.push_back({authority.id, {SignatureForger::forge(digest, key_of(authority))}, {}});
      facts.facts.add<SignatureKind>(
          question, testing::known_fact<SignatureKind>(testing::facts_of(std::move(authorities))));
    }
    all.images.push_back(std::move(facts));
  }
  return all;
}

EvidencePlan plan_observing(const PolicySet& policies, const DeploymentRequest& request, Time now) {
  return plan(policies, request, now, [](ImageQuestions& image) {
    TagKind::observe(image);
    SignatureKind::observe(image);
    LabelKind::observe(image);
    ManifestsKind::observe(image);
  });
}

std::vector<std::string> reasons_of(const Verdict& verdict) {
  std::vector<std::string> names;
  for (const Reason reason : verdict.reasons) names.emplace_back(name_of(reason));
  return names;
}

std::string text_of(const Verdict& verdict) {
  std::ostringstream text;
  text << name_of(verdict.decision) << ' ' << name_of(verdict.would_be) << '\n';
  for (const auto& name : reasons_of(verdict)) text << name << ' ';
  for (const auto& name : verdict.rules) text << name << ' ';
  for (const auto& finding : verdict.findings)
    text << '\n' << name_of(finding.cost) << ' ' << name_of(finding.would_cost) << ' ' << finding.message;
  for (const auto& warning : verdict.warnings) text << "\nW " << warning;
  for (const auto& judged : verdict.images)
    text << "\nI " << judged.image << ' ' << (judged.digest ? judged.digest->text() : "-");
  return text.str();
}

}  // namespace tegata::policy::sample
