// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/read_input.h"

#include <gtest/gtest.h>

#include <sstream>

#include "policy/model/limits.h"
#include "webhook/cli/decision_table.h"

namespace tegata::webhook::cli {
namespace {

const std::string kDefinition =
    R"({"family": "shop", "containerDefinitions": [{"name": "a", "image": "x:1"}]})";
const std::string kRegistered =
    R"({"taskDefinition": {"taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop:7",
        "family": "shop", "revision": 7, "containerDefinitions": [{"name": "a", "image": "x:1"}]}})";
const std::string kPod = "{apiVersion: v1, kind: Pod, metadata: {name: web}}";
const std::string kEvent = R"({"detail-type": "AWS API Call via CloudTrail"})";
const std::string kRole = "arn:aws:iam::111122223333:role/deploy/shop";

Result<std::vector<SourcedReading>> read(const std::string& text, const InputContext& context = {}) {
  return read_input({"file", text}, context);
}

DeploymentRequest request_of(const std::string& text, const InputContext& context = {}) {
  auto readings = read(text, context);
  if (!readings.ok()) throw std::runtime_error(readings.error().message);
  return std::get<DeploymentRequest>(readings->at(0).reading);
}

std::string error_of(const std::string& text, const InputContext& context) {
  const auto readings = read(text, context);
  if (readings.ok()) return "";
  EXPECT_EQ(readings.error().code, ErrorCode::Misconfigured);
  EXPECT_EQ(readings.error().message.find("file: "), 0U);
  return readings.error().message;
}

TEST(ReadInput, PutsATaskDefinitionWhereTheCommandLineSays) {
  InputContext context;
  context.place = {"111122223333", "eu-west-1", "prod"};
  for (const auto& text : {kDefinition, kRegistered}) {
    const auto request = request_of(text, context);
    EXPECT_EQ(request.account, "111122223333");
    EXPECT_EQ(request.region, "eu-west-1");
    EXPECT_EQ(request.cluster, "prod");
    EXPECT_EQ(request.deployer.question, DeployerQuestion::NotEvaluable);
  }
  const auto bare = request_of(kRegistered);
  EXPECT_EQ(bare.account, "111122223333");
  EXPECT_EQ(bare.cluster, std::nullopt);
}

TEST(ReadInput, RefusesAPlaceThatTheArnContradicts) {
  InputContext context;
  context.place.account = "444455556666";
  EXPECT_NE(error_of(kRegistered, context).find("--account says \"444455556666\""), std::string::npos);
  context.place = {"", "us-east-1", std::nullopt};
  EXPECT_NE(error_of(kRegistered, context).find("--region"), std::string::npos);
}

TEST(ReadInput, JudgesATaskDefinitionAsTheGivenRole) {
  InputContext context;
  context.as = kRole;
  const auto request = request_of(kDefinition, context);
  EXPECT_EQ(request.deployer.question, DeployerQuestion::Judge);
  EXPECT_EQ(request.deployer.who, kRole);
  EXPECT_EQ(std::get<EcsCaller>(request.deployer.caller).arn, kRole);
  context.as = "arn:aws:sts::111122223333:assumed-role/shop/ci";
  EXPECT_NE(error_of(kDefinition, context).find("arn:aws:iam::111122223333:role/shop"), std::string::npos);
  context.as = "alice";
  EXPECT_NE(error_of(kDefinition, context).find("--as, for an ECS task definition"), std::string::npos);
  context = {};
  context.as = kRole;
  context.as_groups = {"ops"};
  EXPECT_NE(error_of(kDefinition, context).find("--as-group is for Kubernetes"), std::string::npos);
}

/// The access entries of EKS name users by ARN.
TEST(ReadInput, TakesAnArnAsTheUserOfManifests) {
  InputContext context;
  context.as = "arn:aws:sts::111122223333:assumed-role/shop/ci";
  context.as_groups = {"ops"};
  context.place.account = "111122223333";
  const auto request = request_of(kPod, context);
  EXPECT_EQ(request.deployer.who, context.as);
  EXPECT_EQ(std::get<KubernetesUser>(request.deployer.caller).groups, context.as_groups);
  EXPECT_EQ(request.account, "");
}

TEST(ReadInput, RefusesToBeToldWhatAnEventSaysItself) {
  InputContext said;
  said.as = kRole;
  EXPECT_NE(error_of(kEvent, said).find("an event says itself"), std::string::npos);
  for (const auto& place : {EcsPlace{"111122223333", "", {}}, EcsPlace{"", "r", {}}, EcsPlace{"", "", "c"}}) {
    InputContext context;
    context.place = place;
    EXPECT_NE(error_of(kEvent, context).find("an event says itself"), std::string::npos);
  }
  EXPECT_TRUE(read(kEvent).ok());
}

TEST(ReadInput, ReadsWhatPowerShellWrites) {
  for (const auto& text : {kDefinition, kPod}) {
    std::string utf16 = "\xFF\xFE";
    for (const char c : text) utf16 += {c, '\0'};
    EXPECT_NE(request_of(utf16).name, "");
    EXPECT_NE(request_of("\xEF\xBB\xBF" + text).name, "");
  }
  const auto broken = read("\xFF\xFE{");
  EXPECT_EQ(std::get<InvalidRequest>(broken->at(0).reading).reason, Reason::EventMalformed);
}

DecisionItem item(Reading reading, Decision decision) {
  DecisionItem one{"file", std::move(reading), {}, "id"};
  one.verdict.decision = decision;
  return one;
}

std::string last_line(const std::vector<DecisionItem>& items) {
  std::ostringstream out;
  print_uncovered(items, out);
  return out.str();
}

TEST(PrintUndescribed, SumsUpTheKindsThatAreNotJudged) {
  const auto line = [](const std::vector<DecisionItem>& items) {
    std::ostringstream out;
    print_undescribed(items, out);
    return out.str();
  };
  const auto object = [](const std::string& kind) {
    return item(UndescribedKind{kind, "shop"}, Decision::NotCovered);
  };
  EXPECT_EQ(line({}), "");
  EXPECT_EQ(line({item(request_of(kPod), Decision::NotCovered)}), "");
  EXPECT_EQ(
      line({object("v1 Service"), item(request_of(kPod), Decision::Allow), object("v1 ConfigMap"),
            object("v1 Service")}),
      "notCovered 3 objects of kinds that Tegata does not judge: 1 v1 ConfigMap, 2 v1 Service; Pods that\n"
      "           they create are judged when they are created\n");
}

TEST(PrintUncovered, SaysWhatNoPolicyMatches) {
  const auto pod = request_of(kPod);
  const auto definition = request_of(kDefinition);
  EXPECT_EQ(last_line({}), "");
  EXPECT_EQ(last_line({item(pod, Decision::Allow),
                       item(UndescribedKind{"v1 ConfigMap", ""}, Decision::NotCovered)}),
            "");
  EXPECT_EQ(last_line({item(pod, Decision::NotCovered), item(pod, Decision::Allow)}),
            "not checked: no policy matches 1 of 2, which pass unless --unmatched deny is given\n");
  EXPECT_EQ(last_line({item(definition, Decision::NotCovered)}),
            "not checked: no policy matches 1 of 1, which pass unless --unmatched deny is given\n");
}

}  // namespace
}  // namespace tegata::webhook::cli
