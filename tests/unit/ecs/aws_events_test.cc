// SPDX-License-Identifier: Apache-2.0
//
// The recorded and composed events of tests/testdata/aws-events against expected.json, as far as this
// version reads them. world.json gives the task definitions that a user gives by --task-definitions.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "testdata_folder.h"
#include "tests/unit/ecs/readings_of.h"

namespace tegata::webhook::ecs {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kEvents = fs::path(TEGATA_TESTDATA) / "aws-events";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string hash_of(std::string_view value) { return "h" + std::to_string(value.size()); }

TaskDefinitions definitions_of_the_world() {
  TaskDefinitions definitions;
  const auto world = json::parse(read(kEvents / "world.json"));
  for (const auto& [arn, definition] : world.at("taskDefinitions").items()) {
    auto parsed = TaskDefinition::read(definition, hash_of);
    EXPECT_TRUE(parsed.ok() && definitions.add(*std::move(parsed)).ok()) << arn;
  }
  return definitions;
}

/// What came of an event, in the words of expected.json. `judged` stands for allow, deny and
/// notCovered, which are the engine's.
struct Outcome {
  std::string decision;
  std::vector<std::string> reasons;
  json who;  ///< a string or null
  std::vector<std::string> images;

  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend void PrintTo(const Outcome& outcome, std::ostream* out) {
    *out << outcome.decision << " " << json(outcome.reasons) << " " << outcome.who << " "
         << json(outcome.images);
  }
};

json text_or_null(const std::optional<std::string>& text) { return text ? json(*text) : json(nullptr); }

struct Teller {
  Outcome operator()(const DeploymentRequest& request) const {
    Outcome outcome{"judged", {}, text_or_null(request.deployer.who), {}};
    if (request.images_unknown) outcome.reasons = {"TaskDefinitionUnknown"};
    std::set<std::string> seen;
    for (const auto& image : request.images) {
      const auto name = image.reference.ok() ? image.reference->canonical() : image.text;
      if (seen.insert(name).second) outcome.images.push_back(name);
    }
    return outcome;
  }
  Outcome operator()(const IgnoredRequest& ignored) const {
    return {"ignored", {std::string(name_of(ignored.reason))}, text_or_null(ignored.who), {}};
  }
  Outcome operator()(const InvalidRequest& invalid) const {
    return {"invalid", {std::string(name_of(invalid.reason))}, nullptr, {}};
  }
  Outcome operator()(const UndescribedKind& kind) const { return {"undescribed " + kind.kind, {}, {}, {}}; }
};

Outcome expected_of(const json& entry) {
  const auto decision = entry.at("decision").get<std::string>();
  if (decision == "ignored" || decision == "invalid")
    return {decision, entry.at("reasons").get<std::vector<std::string>>(), entry.at("who"), {}};
  Outcome outcome{"judged", {}, entry.at("who"), {}};
  for (const auto& image : entry.at("images")) outcome.images.push_back(image.at("image").get<std::string>());
  return outcome;
}

// What needs words of a policy, state, or AWS itself, and is built later: the outcome here, today.
const std::map<std::string, std::string> kNotBuilt = {
    {"odd-eventbridge-replay", "judged"},                         // EventReplayed
    {"odd-stale-event", "judged"},                                // EventStale needs spec.ecs.maxEventAge
    {"updateservice-by-our-enforcer", "judged"},                  // OwnAction needs spec.ecs.enforcerRoles
    {"stopservicedeployment-by-our-enforcer", "NotADeployment"},  // likewise
    {"stoptask-by-our-enforcer", "NotADeployment"},               // likewise
    {"updateservice-responseelements-omitted", "TaskDefinitionUnknown"},  // DescribeServices says it
    {"createexpressgatewayservice", "not read in this version"},
    {"createtaskset-codedeploy", "not read in this version"},
    {"updatedaemon", "not read in this version"},
    {"hookstate-awaiting-action-pause", "not read in this version"},
    {"hookstate-awaiting-action-prescaleup", "not read in this version"},
    {"hookstate-timed-out", "not read in this version"},
    {"taskstate-duplicate-older-version", "not read in this version"},
    {"taskstate-guardduty-sidecar-no-image", "not read in this version"},
    {"taskstate-pending", "not read in this version"},
    {"taskstate-provisioning", "not read in this version"},
    {"taskstate-running-digest", "not read in this version"},
    {"taskstate-running-no-digest-nonecr", "not read in this version"},
    {"taskstate-startedby-spoofed", "not read in this version"},
    {"cfnhook-cloudcontrol-no-stack", "not read in this version"},
    {"cfnhook-delete", "not read in this version"},
    {"cfnhook-no-client-request-token", "not read in this version"},
    {"cfnhook-service-update", "not read in this version"},
    {"cfnhook-taskdefinition-update-bad", "not read in this version"},
    {"config-rule-detective", "not read in this version"},
    {"config-rule-proactive", "not read in this version"},
    {"lifecycle-post-production-traffic-shift", "not read in this version"},
    {"lifecycle-post-scale-up", "not read in this version"},
    {"lifecycle-post-test-traffic-shift", "not read in this version"},
    {"lifecycle-pre-scale-up", "not read in this version"},
    {"lifecycle-production-traffic-shift", "not read in this version"},
    {"lifecycle-production-traffic-shift-rollback", "not read in this version"},
    {"lifecycle-test-traffic-shift", "not read in this version"},
    {"lifecycle-unknown-stage", "not read in this version"},
    {"lifecycle-with-hookdetails", "not read in this version"},
};

std::string today(const Reading& reading) {
  if (const auto* invalid = std::get_if<InvalidRequest>(&reading)) return invalid->detail;
  const auto outcome = std::visit(Teller{}, reading);
  return outcome.reasons.empty() ? outcome.decision : outcome.reasons.front();
}

TEST(AwsEvents, AreReadAsExpectedOrAreListedAsNotBuilt) {
  const auto definitions = definitions_of_the_world();
  const auto cases = json::parse(read(kEvents / "expected.json")).at("cases");
  std::size_t compared = 0;
  std::size_t not_built = 0;
  for (const auto& entry : cases) {
    if (entry.at("kind") != "event") continue;
    const auto file = entry.at("event").get<std::string>();
    const auto readings = readings_of(read(kEvents / file), definitions, hash_of);
    ASSERT_EQ(readings.size(), 1U) << file;
    if (const auto later = kNotBuilt.find(fs::path(file).stem()); later != kNotBuilt.end()) {
      EXPECT_NE(today(readings[0].reading).find(later->second), std::string::npos)
          << file << ": " << today(readings[0].reading);
      ++not_built;
      continue;
    }
    auto got = std::visit(Teller{}, readings[0].reading);
    const auto expected = expected_of(entry);
    // What no policy matches has no images in expected.json, for nothing was judged.
    if (entry.at("decision") == "notCovered") got.images.clear();
    EXPECT_EQ(got, expected) << file << ": " << today(readings[0].reading);
    ++compared;
  }
  EXPECT_EQ(not_built, kNotBuilt.size());
  EXPECT_GE(compared, 45U);
}

TEST(AwsEvents, OfABatchAreReadOneByOne) {
  const auto readings =
      readings_of(read(kEvents / "odd-sqs-batch-2records.json"), definitions_of_the_world(), hash_of);
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[0].name, "ae7be26c-daa7-42ca-1480-68d5ac90eaca");
  EXPECT_EQ(std::visit(Teller{}, readings[0].reading).images,
            (std::vector<std::string>{"123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:"
                                      "40eb9844db73a2db969f825e5e4ec43cbde61484"}));
  EXPECT_EQ(readings[1].name, "aaf2f899-9237-9705-dac8-44c0a2a1d45f");
  EXPECT_EQ(std::visit(Teller{}, readings[1].reading).reasons, (std::vector<std::string>{"EventMalformed"}));
}

TEST(AwsEvents, WithoutTheirTaskDefinitionAreNeverARequestWithoutImages) {
  const auto cases = json::parse(read(kEvents / "expected.json")).at("cases");
  std::size_t launches = 0;
  for (const auto& entry : cases) {
    const auto file = entry.at("event").get<std::string>();
    for (const auto& [name, reading] : readings_of(read(kEvents / file), {}, hash_of)) {
      const auto* request = std::get_if<DeploymentRequest>(&reading);
      if (request == nullptr) continue;
      EXPECT_NE(request->images_unknown.has_value(), !request->images.empty()) << file;
      if (request->images_unknown) ++launches;
    }
  }
  EXPECT_GE(launches, 30U);
}

}  // namespace
}  // namespace tegata::webhook::ecs
