// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/sample_records.h"

#include "policy/model/signature_facts.h"
#include "verifier/crypto/hash.h"

namespace tegata::webhook {
namespace {

ContainerImage image(const std::string& path, const std::string& name, ContainerKind kind,
                     const std::string& text) {
  return {.field_path = path,
          .container = name,
          .kind = kind,
          .text = text,
          .reference = ImageReference::parse(text),
          .unchanged = false};
}

}  // namespace

DeploymentRequest sample_request() {
  DeploymentRequest request;
  request.ns = "prod-shop";
  request.operation = "UPDATE";
  request.kind = "apps/v1 Deployment";
  request.name = "shop";
  request.owner = Owner{"apps/v1 ReplicaSet", "shop-7d4b9", "shop"};
  request.uid = "0b4f6e2a-9d2c-4a53-8a70-3d7f5d2f1a11";
  request.deployer.question = DeployerQuestion::Judge;
  request.deployer.caller = KubernetesUser{
      "system:serviceaccount:argocd:deployer", {"system:serviceaccounts", "system:authenticated"}, "u-1"};
  request.deployer.who = "system:serviceaccount:argocd:deployer";
  request.images = {
      image("spec.template.spec.initContainers[0].image", "setup", ContainerKind::InitContainer,
            "registry.example/shop/setup:3f2a91c"),
      image("spec.template.spec.containers[0].image", "shop", ContainerKind::Container,
            "registry.example/shop/api:3f2a91c@sha256:"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      image("spec.template.spec.containers[1].image", "broken", ContainerKind::Container, "Not A Reference")};
  request.images[0].unchanged = true;
  request.environment = {
      {"shop", "DATABASE_URL", ValueClass::UrlWithPassword, "5f70bf18a086007016e948b04aed3b82"}};
  return request;
}

DeploymentRequest sample_task() {
  DeploymentRequest request;
  request.platform = Platform::Ecs;
  request.account = "111122223333";
  request.region = "ap-northeast-1";
  request.cluster = "prod";
  request.operation = "RunTask";
  request.kind = "TaskDefinition";
  request.name = "shop-api";
  request.deployer.question = DeployerQuestion::Judge;
  request.deployer.caller = EcsCaller{EcsCallerKind::Role,
                                      "arn:aws:iam::111122223333:role/deploy/ci",
                                      "111122223333",
                                      "states.amazonaws.com",
                                      false,
                                      true};
  request.deployer.who = "arn:aws:iam::111122223333:role/deploy/ci via states.amazonaws.com";
  return request;
}

Verdict sample_verdict() {
  Finding finding;
  finding.policy = "production";
  finding.rule = "our-registries";
  finding.reason = Reason::RegistryNotAllowed;
  finding.cost = Cost::DryRun;
  finding.field_path = "spec.template.spec.containers[0].image";
  finding.container = "shop";
  finding.image = "registry.example/shop/api:3f2a91c";
  finding.expected = "ours/**";
  finding.found = "registry.example/shop/api";
  finding.remedy = "push it to ours";
  finding.message = "one line";
  Verdict verdict;
  verdict.decision = Decision::Allow;
  verdict.would_be = Decision::Deny;
  verdict.reasons = {Reason::RegistryNotAllowed};
  verdict.rules = {"our-registries"};
  verdict.findings = {finding};
  verdict.warnings = {"a warning"};
  verdict.images = {{"registry.example/shop/api:3f2a91c", std::nullopt}};
  return verdict;
}

ImageFacts sample_facts(const std::string& image, const std::string& evidence) {
  const auto answer = [](const std::string& text) {
    auto made = std::make_shared<Answered<SignatureKind>>();
    made->evidence = {verifier::sha256(text).hex(), std::make_shared<const std::string>(text)};
    made->record =
        R"({"known":{"evidence":")" + made->evidence.hash + R"("},"repository":"registry.example/shop/api"})";
    return made;
  };
  ImageFacts facts{image};
  facts.facts.add(AnyQuestion::of<SignatureKind>({{"registry.example", "shop/api"}, {}, Reach::Signatures}),
                  answer(evidence));
  return facts;
}

DecisionRecord sample_record(const std::string& id) {
  const Time time{std::chrono::milliseconds(1'795'352'842'123)};
  return {
      .id = id,
      .time = time,
      .source = "serve",
      .reading = sample_request(),
      .facts = {{sample_facts("registry.example/shop/api:3f2a91c", "{\"answers\":[]}")}},
      .verdict = sample_verdict(),
      .policy_hash = std::string(64, 'e'),
      .options = {policy::Mode::DryRun, policy::Unmatched::Warn, policy::CallerBudget::BelowMinimum, time},
      .timings = {std::chrono::microseconds(11), std::chrono::microseconds(2200),
                  std::chrono::microseconds(7)}};
}

}  // namespace tegata::webhook
