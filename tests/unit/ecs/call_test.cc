// SPDX-License-Identifier: Apache-2.0
//
// What the recordings do not have: odd types, odd names, calls at their edges.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "tests/unit/ecs/readings_of.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;

constexpr std::string_view kDefinition = "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop-api:7";

json run_task() {
  return {
      {"version", "0"},
      {"id", "1"},
      {"detail-type", "AWS API Call via CloudTrail"},
      {"source", "aws.ecs"},
      {"account", "111122223333"},
      {"time", "2026-11-20T10:15:30Z"},
      {"region", "eu-west-1"},
      {"detail",
       {{"eventSource", "ecs.amazonaws.com"},
        {"eventName", "RunTask"},
        {"eventID", "e-1"},
        {"recipientAccountId", "111122223333"},
        {"userIdentity",
         {{"type", "IAMUser"}, {"arn", "arn:aws:iam::111122223333:user/a"}, {"accountId", "111122223333"}}},
        {"requestParameters", {{"taskDefinition", "shop-api"}, {"cluster", "prod"}}},
        {"responseElements",
         {{"failures", json::array()},
          {"tasks", json::array({{{"taskDefinitionArn", kDefinition},
                                  {"clusterArn", "arn:aws:ecs:eu-west-1:111122223333:cluster/other"}}})}}}}}};
}

json update_service(json parameters) {
  auto event = run_task();
  event["detail"]["eventName"] = "UpdateService";
  event["detail"]["requestParameters"] = std::move(parameters);
  event["detail"]["responseElements"] = {
      {"service", {{"taskDefinition", kDefinition}, {"serviceName", "api"}}}};
  return event;
}

TaskDefinition definition(const json& document) {
  auto read = TaskDefinition::read(document, {});
  if (!read.ok()) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

json document(std::string_view name, std::string_view image) {
  return {{name.starts_with("arn:") ? "taskDefinitionArn" : "family", name},
          {"containerDefinitions", json::array({{{"name", "api"}, {"image", image}}})}};
}

Reading reading_of(const json& event, const TaskDefinitions& definitions = {}) {
  const auto readings = readings_of(event.dump(), definitions, {});
  if (readings.size() != 1U) throw std::runtime_error("not one reading");
  return readings[0].reading;
}

std::string word(const Reading& reading) {
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading))
    return std::string(name_of(ignored->reason));
  if (const auto* invalid = std::get_if<InvalidRequest>(&reading))
    return std::string(name_of(invalid->reason));
  return std::get<DeploymentRequest>(reading).images_unknown ? "unknown" : "judged";
}

TEST(EcsCall, NamesWhoWhereAndWhat) {
  TaskDefinitions definitions;
  ASSERT_TRUE(definitions.add(definition(document(kDefinition, "nginx"))).ok());
  const auto request = std::get<DeploymentRequest>(reading_of(run_task(), definitions));
  EXPECT_EQ(request.platform, Platform::Ecs);
  EXPECT_EQ(request.account, "111122223333");
  EXPECT_EQ(request.region, "eu-west-1");
  EXPECT_EQ(request.cluster, "prod");
  EXPECT_EQ(request.operation, "RunTask");
  EXPECT_EQ(request.kind, "Task");
  EXPECT_EQ(request.name, "shop-api");
  EXPECT_EQ(request.uid, "e-1");
  EXPECT_EQ(request.deployer.question, DeployerQuestion::Judge);
  ASSERT_EQ(request.images.size(), 1U);
  EXPECT_EQ(request.images[0].field_path, "containerDefinitions[0].image");
}

TEST(EcsCall, WithoutAClusterMeansWhatTheResponseSaysElseDefault) {
  auto event = run_task();
  event["detail"]["requestParameters"].erase("cluster");
  EXPECT_EQ(std::get<DeploymentRequest>(reading_of(event)).cluster, "other");
  event["detail"]["responseElements"] = nullptr;
  EXPECT_EQ(std::get<DeploymentRequest>(reading_of(event)).cluster, "default");
  event["detail"]["requestParameters"]["cluster"] = "arn:aws:ecs:eu-west-1:111122223333:cluster/blue";
  EXPECT_EQ(std::get<DeploymentRequest>(reading_of(event)).cluster, "blue");
}

TEST(EcsCall, ThatScalesStartsNothingAndAParameterWeDoNotKnowMay) {
  const json scale = {{"cluster", "prod"}, {"service", "api"}, {"desiredCount", 3}};
  const auto with = [&](const char* key, json value) {
    auto parameters = scale;
    parameters[key] = std::move(value);
    return word(reading_of(update_service(parameters)));
  };
  EXPECT_EQ(word(reading_of(update_service(scale))), "ScaleOnly");
  EXPECT_EQ(with("forceNewDeployment", false), "ScaleOnly");
  EXPECT_EQ(with("deploymentConfiguration", {{"maximumPercent", 200}}), "ScaleOnly");
  EXPECT_EQ(with("taskDefinition", nullptr), "ScaleOnly");
  EXPECT_EQ(with("forceNewDeployment", true), "unknown");
  EXPECT_EQ(with("forceNewDeployment", "false"), "unknown");
  for (const auto* key : {"networkConfiguration", "platformVersion", "loadBalancers", "serviceRegistries",
                          "serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations",
                          "somethingOfNextYear"})
    EXPECT_EQ(with(key, json::object()), "unknown") << key;
  auto omitted = update_service({{"omitted", "true"}, {"originalSize", "149893"}});
  EXPECT_EQ(word(reading_of(omitted)), "unknown");
}

TEST(EcsCall, ThatContradictsItselfIsMalformed) {
  auto event = run_task();
  event["detail"]["requestParameters"]["taskDefinition"] = "shop-api:8";
  EXPECT_EQ(word(reading_of(event)), "EventMalformed");
  event["detail"]["requestParameters"]["taskDefinition"] = "evil";
  EXPECT_EQ(word(reading_of(event)), "EventMalformed");
  event = run_task();
  auto& tasks = event["detail"]["responseElements"]["tasks"];
  tasks.push_back(tasks[0]);
  EXPECT_EQ(word(reading_of(event)), "unknown");
  tasks[1]["taskDefinitionArn"] = "arn:aws:ecs:eu-west-1:111122223333:task-definition/evil:1";
  EXPECT_EQ(word(reading_of(event)), "EventMalformed");
  tasks[1].erase("taskDefinitionArn");
  EXPECT_EQ(word(reading_of(event)), "EventMalformed");
}

TEST(EcsCall, OfWrongTypesIsMalformed) {
  const auto with = [](const char* pointer, json value) {
    auto event = run_task();
    event[json::json_pointer(pointer)] = std::move(value);
    return word(reading_of(event));
  };
  for (const auto* pointer : {"/source",
                              "/account",
                              "/region",
                              "/id",
                              "/time",
                              "/detail-type",
                              "/detail",
                              "/detail/eventName",
                              "/detail/eventSource",
                              "/detail/recipientAccountId",
                              "/detail/userIdentity",
                              "/detail/userIdentity/type",
                              "/detail/userIdentity/arn",
                              "/detail/userIdentity/accountId",
                              "/detail/requestParameters",
                              "/detail/requestParameters/cluster",
                              "/detail/requestParameters/taskDefinition",
                              "/detail/responseElements",
                              "/detail/responseElements/tasks",
                              "/detail/responseElements/tasks/0"})
    EXPECT_EQ(with(pointer, 7), "EventMalformed") << pointer;
  for (const auto* pointer :
       {"/source", "/account", "/region", "/id", "/time", "/detail-type", "/detail", "/detail/eventName",
        "/detail/eventSource", "/detail/recipientAccountId", "/detail/userIdentity"})
    EXPECT_EQ(with(pointer, nullptr), "EventMalformed") << pointer;
  EXPECT_EQ(with("/detail/errorCode", 7), "EventMalformed");
  EXPECT_EQ(with("/detail/errorCode", "AccessDenied"), "CallFailed");
  EXPECT_EQ(with("/detail/errorCode", ""), "CallFailed");
  EXPECT_EQ(with("/detail/requestParameters/startedBy", "a\nb"), "EventMalformed");
  EXPECT_EQ(with("/detail/userIdentity/principalId", "a\x7f"), "EventMalformed");
}

TEST(EcsCall, IsTrustedOnlyFromAwsAndOfOneAccount) {
  auto event = run_task();
  event["source"] = "awsx.ecs";
  EXPECT_EQ(word(reading_of(event)), "EventNotTrusted");
  event["source"] = "aws.ec2";
  EXPECT_EQ(word(reading_of(event)), "NotADeployment");
  event = run_task();
  event["detail"]["recipientAccountId"] = "999988887777";
  EXPECT_EQ(word(reading_of(event)), "EventNotTrusted");
  event["detail"]["errorCode"] = "AccessDenied";
  EXPECT_EQ(word(reading_of(event)), "EventNotTrusted");
}

struct Identity {
  json identity;
  EcsCallerKind kind;
  std::string who;
};

TEST(EcsCaller, IsItsIssuerItsArnOrAnAccount) {
  for (const auto& [identity, kind, who] : std::vector<Identity>{
           {{{"type", "AssumedRole"},
             {"arn", "arn:aws:sts::1:assumed-role/r/s"},
             {"accountId", "1"},
             {"sessionContext", {{"sessionIssuer", {{"arn", "arn:aws:iam::1:role/p/r"}}}}}},
            EcsCallerKind::Role,
            "arn:aws:iam::1:role/p/r"},
           {{{"type", "AssumedRole"}, {"arn", "arn:aws:sts::1:assumed-role/r/s"}, {"accountId", "1"}},
            EcsCallerKind::Account,
            "account:1"},
           {{{"type", "IAMUser"}, {"accountId", "1"}}, EcsCallerKind::Account, "account:1"},
           {{{"type", "Root"}, {"arn", "arn:aws:iam::1:root"}}, EcsCallerKind::Root, "arn:aws:iam::1:root"},
           {{{"type", "AWSService"}, {"invokedBy", "ecs.amazonaws.com"}, {"accountId", "1"}},
            EcsCallerKind::Service,
            "account:1 via ecs.amazonaws.com"},
           {{{"type", "FederatedUser"}, {"arn", "arn:aws:sts::1:federated-user/x"}, {"accountId", "1"}},
            EcsCallerKind::Account,
            "account:1"},
           {{{"type", "SomethingNew"}, {"arn", "arn:aws:iam::1:role/r"}, {"accountId", "1"}},
            EcsCallerKind::Account,
            "account:1"}}) {
    auto event = run_task();
    event["detail"]["userIdentity"] = identity;
    const auto request = std::get<DeploymentRequest>(reading_of(event));
    EXPECT_EQ(std::get<EcsCaller>(request.deployer.caller).kind, kind) << identity;
    EXPECT_EQ(request.deployer.who, who);
  }
}

TEST(EcsCaller, TellsConsoleSessionsAndLongTermKeys) {
  const auto caller = [](const json& flag, const char* key) {
    auto event = run_task();
    event["detail"]["sessionCredentialFromConsole"] = flag;
    event["detail"]["userIdentity"]["accessKeyId"] = key;
    return std::get<EcsCaller>(std::get<DeploymentRequest>(reading_of(event)).deployer.caller);
  };
  EXPECT_TRUE(caller("true", "ASIA1").console);
  EXPECT_TRUE(caller(true, "ASIA1").console);
  EXPECT_FALSE(caller(nullptr, "ASIA1").console);
  EXPECT_FALSE(caller("false", "ASIA1").console);
  EXPECT_TRUE(caller(nullptr, "AKIA1").long_term_key);
  EXPECT_FALSE(caller(nullptr, "ASIA1").long_term_key);
}

TEST(TaskDefinitionName, IsAFamilyARevisionOrAnArn) {
  struct Case {
    std::string text, account, canonical;
  };
  for (const auto& [text, account, canonical] :
       std::vector<Case>{{"shop-api", "", "shop-api"},
                         {"shop_api:2147483647", "", "shop_api:2147483647"},
                         {std::string(kDefinition), "111122223333", "shop-api:7"},
                         {"arn:aws-eusc:ecs:r:1:task-definition/f", "1", "f"},
                         {std::string(255, 'f'), "", std::string(255, 'f')}}) {
    const auto name = TaskDefinitionName::parse(text);
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(name->account, account);
    EXPECT_EQ(name->text(), canonical);
    EXPECT_EQ(TaskDefinitionName::parse(name->text())->text(), canonical);
  }
  for (const std::string text :
       {"", ":1", "f:", "f:0", "f:-1", "f:+1", "f:1x", "f:2147483648", "f:99999999999999999999", "f:1:2",
        "f/g", "f g", "arn:aws:ecs:r:1:service/f", "arn:aws:ec2:r:1:task-definition/f",
        "arn:aws:ecs:r:1:task-definition/", "arn:aws:ecs", "f\n"})
    EXPECT_FALSE(TaskDefinitionName::parse(text).ok()) << text;
  EXPECT_FALSE(TaskDefinitionName::parse(std::string(256, 'f')).ok());
}

TEST(TaskDefinitions, AnswerForTheirOwnAccountAndTheHighestActiveRevision) {
  const auto arn = [](std::string_view account, int revision) {
    return "arn:aws:ecs:eu-west-1:" + std::string(account) + ":task-definition/f:" + std::to_string(revision);
  };
  TaskDefinitions definitions;
  const auto add = [&](std::string_view name, std::string_view image, std::string_view status = "ACTIVE") {
    auto written = document(name, image);
    written["status"] = status;
    return definitions.add(definition(written)).ok();
  };
  EXPECT_TRUE(add(arn("1", 9), "nine"));
  EXPECT_TRUE(add(arn("1", 10), "ten"));
  EXPECT_TRUE(add(arn("1", 11), "gone", "INACTIVE"));
  EXPECT_TRUE(add(arn("2", 12), "other"));
  EXPECT_TRUE(add("f", "without"));
  EXPECT_FALSE(add(arn("1", 9), "again"));
  EXPECT_FALSE(add("f", "again"));
  const auto image = [&](std::string_view name, std::string_view account,
                         std::string_view region = "eu-west-1") {
    const auto found = definitions.find(*TaskDefinitionName::parse(name), account, region);
    return found.ok()                                  ? (*found)->images.at(0).text
           : found.error().code == ErrorCode::NotFound ? "none"
                                                       : "?";
  };
  EXPECT_EQ(image("f", "1"), "ten");
  EXPECT_EQ(image("f:9", "1"), "nine");
  EXPECT_EQ(image("f:11", "1"), "gone");
  EXPECT_EQ(image("f:12", "1"), "none");
  EXPECT_EQ(image("f", "2"), "other");
  EXPECT_EQ(image(arn("2", 12), "1"), "other");
  EXPECT_EQ(image("f", "3"), "without");
  EXPECT_EQ(image("f:9", "1", "us-east-1"), "none");
  EXPECT_EQ(image("g", "1"), "none");
}

TEST(TaskDefinition, OfEitherFormIsJudgedWithoutAWho) {
  auto bare = document("web", "nginx:1.27");
  bare["containerDefinitions"][0]["environment"] = json::array({{{"name", "A"}, {"value", "1"}}});
  bare["containerDefinitions"][0]["secrets"] = json::array({{{"name", "S"}, {"valueFrom", "arn"}}});
  for (const auto& form : {bare, json{{"taskDefinition", bare}, {"tags", json::array()}}}) {
    const auto request = std::get<DeploymentRequest>(reading_of(form));
    EXPECT_EQ(request.kind, "TaskDefinition");
    EXPECT_EQ(request.name, "web");
    EXPECT_EQ(request.cluster, std::nullopt);
    EXPECT_EQ(request.deployer.question, DeployerQuestion::NotEvaluable);
    EXPECT_EQ(request.deployer.who, std::nullopt);
    ASSERT_EQ(request.environment.size(), 2U);
    EXPECT_EQ(request.environment[0].value_class, ValueClass::Number);
    EXPECT_EQ(request.environment[1].value_class, ValueClass::Reference);
  }
}

TEST(TaskDefinition, ThatIsOddIsInvalidOrHasNoReference) {
  const auto with = [](const char* pointer, json value) {
    auto written = document("web", "nginx");
    written[json::json_pointer(pointer)] = std::move(value);
    return reading_of(written);
  };
  for (const auto* pointer :
       {"/family", "/containerDefinitions", "/containerDefinitions/0", "/containerDefinitions/0/image",
        "/containerDefinitions/0/name", "/containerDefinitions/0/environment",
        "/containerDefinitions/0/secrets", "/status", "/taskDefinitionArn"})
    EXPECT_EQ(word(with(pointer, 7)), "EventMalformed") << pointer;
  EXPECT_EQ(word(with("/revision", 4294967297)), "EventMalformed");
  EXPECT_EQ(word(with("/taskDefinitionArn", std::string(kDefinition))), "EventMalformed");
  const auto empty = with("/containerDefinitions/0/image", "");
  EXPECT_FALSE(std::get<DeploymentRequest>(empty).images.at(0).reference.ok());
}

TEST(TaskDefinition, IsBoundedInImages) {
  const auto with = [](std::size_t count) {
    auto written = document("web", "nginx");
    written["containerDefinitions"] = json::array();
    for (std::size_t i = 0; i < count; ++i) written["containerDefinitions"].push_back({{"image", "a"}});
    return word(reading_of(written));
  };
  EXPECT_EQ(with(limits::kImagesPerRequest), "judged");
  EXPECT_EQ(with(limits::kImagesPerRequest + 1), "EventMalformed");
}

TEST(EcsDocument, IsBoundedInBytesAndDepth) {
  auto text = run_task().dump();
  text.append(limits::kEventBody - text.size(), ' ');
  EXPECT_EQ(word(readings_of(text, {}, {})[0].reading), "unknown");
  EXPECT_EQ(word(readings_of(text + " ", {}, {})[0].reading), "EventMalformed");
  const auto nested = [](std::size_t levels) {
    return R"({"family": "f", "containerDefinitions": [], "x": )" + std::string(levels, '[') +
           std::string(levels, ']') + "}";
  };
  EXPECT_EQ(word(readings_of(nested(limits::kJsonDepth - 1), {}, {})[0].reading), "judged");
  EXPECT_EQ(word(readings_of(nested(limits::kJsonDepth), {}, {})[0].reading), "EventMalformed");
}

TEST(EcsDocument, CutAnywhereIsMalformed) {
  const auto whole = run_task().dump();
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_EQ(word(readings_of(whole.substr(0, length), {}, {})[0].reading), "EventMalformed");
}

TEST(EcsDocument, IsToldFromOthersByItsKeys) {
  const auto meant_for_ecs = [](std::string_view text) { return EcsDocument::parse(text).has_value(); };
  EXPECT_TRUE(meant_for_ecs(run_task().dump()));
  EXPECT_TRUE(meant_for_ecs(document("f", "a").dump()));
  EXPECT_TRUE(meant_for_ecs(R"({"taskDefinition": {"family": "f", "containerDefinitions": []}})"));
  EXPECT_TRUE(meant_for_ecs(R"({"Records": []})"));
  EXPECT_FALSE(meant_for_ecs(R"({"apiVersion": "v1", "kind": "Pod"})"));
  EXPECT_FALSE(meant_for_ecs("apiVersion: v1"));
  EXPECT_FALSE(meant_for_ecs("[]"));
  EXPECT_FALSE(meant_for_ecs(""));
}

TEST(EcsDocument, ThatIsACloudTrailFileIsNamedOnce) {
  const auto record =
      json{{"eventVersion", "1.08"}, {"eventSource", "ecs.amazonaws.com"}, {"eventName", "RunTask"}};
  const auto readings = readings_of(json{{"Records", {record, record}}}.dump(), {}, {});
  ASSERT_EQ(readings.size(), 1U);
  EXPECT_NE(std::get<InvalidRequest>(readings[0].reading).detail.find("CloudTrail records"),
            std::string::npos);
}

TEST(EcsDocument, OfAnotherBatchSaysWhereItIsFrom) {
  for (const auto& [key, source] :
       {std::pair("EventSource", "aws:sns"), std::pair("eventSource", "aws:s3")}) {
    const auto readings =
        readings_of(json{{"Records", {{{key, source}, {"eventName", "x"}}}}}.dump(), {}, {});
    const auto& detail = std::get<InvalidRequest>(readings.at(0).reading).detail;
    EXPECT_NE(detail.find("only batches from SQS"), std::string::npos) << detail;
    EXPECT_NE(detail.find(source), std::string::npos) << detail;
  }
}

}  // namespace
}  // namespace tegata::webhook::ecs
