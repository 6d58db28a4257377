// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/request_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/audit/sample_records.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

Result<Reading> reading_from_json(const json& form) {
  StrictDocument document;
  TEGATA_TRY(const auto parsed, document.parse(form.dump()));
  return webhook::reading_from_json(parsed);
}

void expect_round_trip(const Reading& reading) {
  const auto form = to_json(reading);
  const auto read = reading_from_json(form);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->index(), reading.index());
  EXPECT_EQ(to_json(*read), form);
}

TEST(RequestJson, ADeploymentComesBackAsItWas) {
  expect_round_trip(sample_request());
  const auto read = reading_from_json(to_json(sample_request()));
  ASSERT_TRUE(read.ok());
  const auto& request = std::get<DeploymentRequest>(*read);
  EXPECT_EQ(std::get<KubernetesUser>(request.deployer.caller).groups.size(), 2u);
  EXPECT_EQ(request.images[1].reference->canonical(), sample_request().images[1].reference->canonical());
  EXPECT_TRUE(request.images[0].unchanged);
  EXPECT_EQ(request.images[2].reference.error(), sample_request().images[2].reference.error());
}

TEST(RequestJson, ATaskComesBackAsItWas) {
  expect_round_trip(sample_task());
  const auto read = reading_from_json(to_json(sample_task()));
  const auto& caller = std::get<EcsCaller>(std::get<DeploymentRequest>(*read).deployer.caller);
  EXPECT_EQ(caller.invoked_by, "states.amazonaws.com");
  EXPECT_TRUE(caller.long_term_key);
  EXPECT_FALSE(caller.console);
}

TEST(RequestJson, NamesThePrefixAndTheControllingOwner) {
  auto pod = sample_request();
  pod.kind = "v1 Pod";
  pod.name.clear();
  pod.generate_name = "shop-7d4b9-";
  expect_round_trip(pod);
  const auto form = to_json(pod);
  EXPECT_EQ(form["generateName"], "shop-7d4b9-");
  EXPECT_EQ(form["owner"],
            (json{{"kind", "apps/v1 ReplicaSet"}, {"name", "shop-7d4b9"}, {"deployment", "shop"}}));
  pod.owner.reset();
  expect_round_trip(pod);
  EXPECT_EQ(to_json(pod)["owner"], nullptr);
}

TEST(RequestJson, ReadsRecordsThatNameNoOwner) {
  auto old = to_json(sample_request());
  old.erase("owner");
  old.erase("generateName");
  const auto read = reading_from_json(old);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(std::get<DeploymentRequest>(*read).owner, std::nullopt);
  EXPECT_EQ(std::get<DeploymentRequest>(*read).generate_name, "");
}

TEST(RequestJson, WhatIsNoDeploymentComesBackToo) {
  expect_round_trip(IgnoredRequest{Reason::ScaleOnly, "replicas only", "alice"});
  expect_round_trip(IgnoredRequest{Reason::NotADeployment, "a deletion"});
  expect_round_trip(InvalidRequest{Reason::EventNotTrusted, "another account"});
  expect_round_trip(UndescribedKind{"example.com/v1 Widget", "default"});
}

TEST(RequestJson, EveryWordOfEveryEnumComesBack) {
  for (const auto kind : kContainerKinds) {
    auto request = sample_request();
    request.images[0].kind = kind;
    expect_round_trip(request);
  }
  for (const auto value_class : kValueClasses) {
    auto request = sample_request();
    request.environment[0].value_class = value_class;
    expect_round_trip(request);
  }
  for (const auto question : kDeployerQuestions) {
    auto request = sample_request();
    request.deployer.question = question;
    expect_round_trip(request);
  }
  for (const auto kind : kEcsCallerKinds) {
    auto request = sample_task();
    std::get<EcsCaller>(request.deployer.caller).kind = kind;
    expect_round_trip(request);
  }
}

TEST(RequestJson, KeepsTheErrorOfAnAbsentImage) {
  auto request = sample_request();
  request.images[0].text.clear();
  request.images[0].reference = Error{ErrorCode::Malformed, "the field is absent"};
  const auto read = reading_from_json(to_json(request));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(std::get<DeploymentRequest>(*read).images[0].reference.error().message, "the field is absent");
}

TEST(RequestJson, KeepsWhyImagesAreUnknown) {
  auto task = sample_task();
  task.images_unknown = Error{ErrorCode::NotFound, "no task definition shop-api:43 is at hand"};
  expect_round_trip(task);
  const auto read = reading_from_json(to_json(task));
  EXPECT_EQ(std::get<DeploymentRequest>(*read).images_unknown, task.images_unknown);
}

TEST(RequestJson, RefusesARecordThatSaysAnImageWasReadableWhenItIsNot) {
  auto form = to_json(sample_request());
  form["images"][0]["text"] = "UPPER CASE";
  EXPECT_FALSE(reading_from_json(form).ok());
}

TEST(RequestJson, RefusesEveryFormWithOneMemberLessOrOfAnotherType) {
  const auto whole = to_json(sample_request());
  for (const auto& [key, value] : whole.items()) {
    auto less = whole;
    less.erase(key);
    const bool optional = key == "generateName" || key == "owner";
    EXPECT_EQ(reading_from_json(less).ok(), optional) << key;
    auto other = whole;
    other[key] = 7;
    EXPECT_FALSE(reading_from_json(other).ok()) << key;
  }
  for (const auto& [key, value] : whole["owner"].items()) {
    auto less = whole;
    less["owner"].erase(key);
    EXPECT_FALSE(reading_from_json(less).ok()) << key;
  }
  for (const char* key : {"question", "caller", "who"}) {
    auto less = whole;
    less["deployer"].erase(key);
    EXPECT_FALSE(reading_from_json(less).ok()) << key;
  }
  for (const auto& [key, value] : whole["images"][0].items()) {
    auto less = whole;
    less["images"][0].erase(key);
    EXPECT_FALSE(reading_from_json(less).ok()) << key;
  }
}

TEST(RequestJson, RefusesUnknownWords) {
  for (const auto* pointer : {"/platform", "/deployer/question", "/images/0/kind", "/environment/0/class"}) {
    auto form = to_json(sample_request());
    form[json::json_pointer(pointer)] = "somethingElse";
    const auto read = reading_from_json(form);
    ASSERT_FALSE(read.ok()) << pointer;
    EXPECT_NE(read.error().message.find("somethingElse"), std::string::npos) << read.error().message;
  }
  EXPECT_FALSE(
      reading_from_json({{"ignored", {{"reason", "Whatever"}, {"detail", ""}, {"who", nullptr}}}}).ok());
  EXPECT_FALSE(reading_from_json(json::array()).ok());
}

TEST(RequestJson, HoldsNoValueOfAnEnvironmentVariable) {
  const auto form = to_json(sample_request())["environment"][0];
  EXPECT_EQ(form, (json{{"container", "shop"},
                        {"name", "DATABASE_URL"},
                        {"class", "urlWithPassword"},
                        {"keyedHash", "5f70bf18a086007016e948b04aed3b82"}}));
}

}  // namespace
}  // namespace tegata::webhook
