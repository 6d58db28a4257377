// SPDX-License-Identifier: Apache-2.0
// Whether ECR lets tags be moved: asked once a repository, cached, recorded, replayed.
#include "policy/model/tag_mutability.h"
#include "evidence_test.h"
#include "tests/support/fake_registry.h"
#include "verifier/aws/aws_client.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using tegata::testing::FakeRegistry;
using tegata::testing::Reply;

constexpr const char* kRepository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app";

class TagMutabilityTest : public EvidenceTest {
 protected:
  TagMutabilityTest() {
    AwsSettings aws;
    aws.environment = [host = aws_.host()](const std::string& name) -> std::optional<std::string> {
      if (name == "AWS_ENDPOINT_URL") return "http://" + host;
      if (name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY") return "key";
      return std::nullopt;
    };
    aws.now = [] { return Time{}; };
    client_ = std::make_shared<AwsClient>(std::move(aws));
  }
  /// As the engine does: what waits for an answer holds the client, and the last to do so may be its own
  /// thread.
  ~TagMutabilityTest() override { client_->close(); }

  static Reply answer(const std::string& more, const std::string& name = "team/app") {
    return {
        200,
        {},
        R"({"repositories":[{"registryId":"111122223333","repositoryName":")" + name + "\"," + more + "}]}"};
  }
  static EvidencePlan mutability_of(const std::string& image) {
    ImageQuestions asked{reference(image)};
    asked.ask<TagMutabilityKind>({});
    return {{asked}};
  }
  /// `setting filter,filter`; `absent`; else the error's code.
  static std::string told(const GatheredFacts& facts) {
    const auto& fact = *facts.images.at(0).facts.find<TagMutabilityKind>();
    if (const auto* unknown = std::get_if<Unknown>(&fact)) return std::string(name_of(unknown->error.code));
    const auto* known = std::get_if<tegata::Known<std::shared_ptr<const TagMutability>>>(&fact);
    if (known == nullptr) return "absent";
    constexpr std::array kNames{"mutable", "immutable", "notOffered"};
    std::string text = kNames.at(static_cast<std::size_t>(known->value->setting));
    for (const auto& filter : known->value->except) text += " " + filter;
    return text;
  }
  std::string ask(LiveGatherer& gatherer, const std::string& tag = "v1") {
    return told(gatherer.gather(mutability_of(kRepository + (":" + tag)), long_enough()));
  }
  GatherSettings with_aws() {
    auto all = settings();
    all.aws = client_;
    return all;
  }

  FakeRegistry aws_;
  std::shared_ptr<AwsClient> client_;
};

TEST_F(TagMutabilityTest, IsAskedOnceForAllTagsOfARepositoryAndForAMinute) {
  aws_.on("/", answer(R"("imageTagMutability":"IMMUTABLE")"));
  auto under_test = gatherer(with_aws());
  EXPECT_EQ(ask(under_test, "v1"), "immutable");
  EXPECT_EQ(ask(under_test, "v2"), "immutable");
  EXPECT_EQ(aws_.total(), 1U);
  EXPECT_EQ(aws_.requests().at(0).body, R"({"registryId":"111122223333","repositoryNames":["team/app"]})");
  aws_.on("/", answer(R"("imageTagMutability":"MUTABLE")"));
  advance(limits::kTagMutabilityLifetime + std::chrono::milliseconds(1));
  EXPECT_EQ(ask(under_test), "mutable");
}

TEST_F(TagMutabilityTest, IsAbsentOrUnknownWhereEcrDoesNotSay) {
  auto under_test = gatherer(with_aws());
  aws_.on("/", Reply{400, {}, R"({"__type":"RepositoryNotFoundException","message":"m"})"});
  EXPECT_EQ(ask(under_test), "absent");
  advance(limits::kAbsentLifetime + std::chrono::milliseconds(1));
  aws_.on("/", Reply{400, {}, R"({"__type":"AccessDeniedException","message":"m"})"});
  EXPECT_EQ(ask(under_test), "Unauthorized");
  aws_.on("/", answer(R"("imageTagMutability":"IMMUTABLE")", "team/other"));
  EXPECT_EQ(ask(under_test), "UnexpectedAnswer");
  auto without = gatherer();
  EXPECT_EQ(ask(without), "Internal");
}

TEST_F(TagMutabilityTest, IsNotOfferedByOtherRegistries) {
  auto under_test = gatherer(with_aws());
  EXPECT_EQ(told(under_test.gather(mutability_of("r.example/app:v1"), long_enough())), "notOffered");
  EXPECT_EQ(aws_.total(), 0U);
}

TEST_F(TagMutabilityTest, IsRecordedAndReplayed) {
  aws_.on("/",
          answer(R"("imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":)"
                 R"([{"filterType":"WILDCARD","filter":"dev-*"}])"));
  auto under_test = gatherer(with_aws());
  const auto plan = mutability_of(kRepository + std::string(":v1"));
  const auto facts = under_test.gather(plan, long_enough());
  EXPECT_EQ(told(facts), "immutable dev-*");
  const auto recorded = json::parse("[" + facts_text(facts.images.at(0)) + "]");
  EXPECT_EQ(recorded.at(0).at("tagMutability").dump(),
            R"({"known":{"except":["dev-*"],"setting":"immutable"}})");
  EvidenceReplay again([](const std::string&) { return nullptr; }, nullptr,
                       fact_kinds(*verifier_, settings()));
  auto replay = ReplayGatherer::of(recorded, again, Time{});
  ASSERT_TRUE(replay.ok()) << replay.error().message;
  EXPECT_EQ(told((*replay)->gather(plan, at_once())), "immutable dev-*");
}

}  // namespace
}  // namespace tegata::verifier
