// SPDX-License-Identifier: Apache-2.0
// Labels through the gatherers: cached, asked once, recorded, replayed.
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "evidence_test.h"
#include "labelled_images.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class LabelsTest : public EvidenceTest {
 protected:
  LabelsTest() : digest_(images_.image({{"a", "1"}}, {{"b", "2"}})) {
    images_.tag("v1", digest_);
    auto name = (fs::temp_directory_path() / "tegata-labels-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    store_ = *EvidenceStore::open(folder_);
  }
  ~LabelsTest() override { fs::remove_all(folder_); }

  static EvidencePlan labels_of(const std::string& image) {
    ImageQuestions asked{reference(image)};
    asked.ask<LabelKind>({});
    return {{asked}};
  }
  EvidencePlan both_of(const std::string& image) const {
    auto asked = plan(image);
    asked.images.at(0).ask<LabelKind>({});
    return asked;
  }
  [[nodiscard]] std::string pinned() const { return "r.example/shop/api@" + digest_.text(); }

  /// `a=1,b=2` of annotations and labels together; `absent`; else the error's code.
  static std::string told(const ImageFacts& facts) {
    const auto* asked = facts.facts.find<LabelKind>();
    if (asked == nullptr) return "not asked";
    const auto& fact = *asked;
    if (const auto* unknown = std::get_if<Unknown>(&fact)) return std::string(name_of(unknown->error.code));
    const auto* known = std::get_if<tegata::Known<std::shared_ptr<const ImageLabels>>>(&fact);
    if (known == nullptr) return "absent";
    std::string text;
    for (const auto* texts : {&known->value->labels, &known->value->annotations})
      for (const auto& [label, value] : *texts) text += label + "=" + value + ",";
    return text;
  }
  static std::string told(const GatheredFacts& facts) { return told(facts.images.at(0)); }

  GatheredFacts replay(const json& recorded, const EvidencePlan& plan) {
    EvidenceReplay again([](const std::string&) { return nullptr; }, store_,
                         fact_kinds(*verifier_, settings()));
    auto gatherer = ReplayGatherer::of(json::parse(recorded.dump()), again, Time{});
    if (!gatherer.ok()) throw std::runtime_error(gatherer.error().message);
    return (*gatherer)->gather(plan, at_once());
  }

  LabelledImages images_{source_, {"r.example", "shop/api"}};
  Digest digest_;
  fs::path folder_;
  std::shared_ptr<EvidenceStore> store_;
};

TEST_F(LabelsTest, AreThoseOfTheDigestThatTheTagNames) {
  auto under_test = gatherer();
  const auto facts = under_test.gather(labels_of("r.example/shop/api:v1"), long_enough());
  EXPECT_EQ(told(facts), "a=1,b=2,");
  EXPECT_EQ(tag_outcome(facts), digest_.text()) << "nobody can judge labels without their digest";
  EXPECT_EQ(source_.asked(ManifestRequest{images_.repository(), digest_}), 1)
      << "once by this test; the tag's answer was enough";
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), long_enough())), "a=1,b=2,");
}

TEST_F(LabelsTest, AreNotAskedWhereNobodyAsks) {
  auto under_test = gatherer();
  EXPECT_EQ(told(under_test.gather(plan(pinned()), long_enough())), "not asked");
  EXPECT_EQ(counts(under_test, "labels").flights, 0U);
}

TEST_F(LabelsTest, OfATagThatIsAbsentOrUnknownAreSo) {
  auto under_test = gatherer();
  EXPECT_EQ(told(under_test.gather(labels_of("r.example/shop/api:v2"), long_enough())), "absent");
  EXPECT_EQ(told(under_test.gather(labels_of("r.example/shop/api:v2"), long_enough())), "absent") << "kept";
  source_.answer(TagRequest{images_.repository(), "v3"}, Error{ErrorCode::RateLimited, "429"});
  EXPECT_EQ(told(under_test.gather(labels_of("r.example/shop/api:v3"), long_enough())), "RateLimited");
}

TEST_F(LabelsTest, AreFetchedOnceForAllWhoAskAndKeptAsLongAsVerifiedSignatures) {
  auto under_test = gatherer();
  source_.hold();
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), at_once())), "CutShort");
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), at_once())), "CutShort");
  source_.release();
  const int asked = source_.asked();
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), at_once())), "a=1,b=2,");
  EXPECT_EQ(counts(under_test, "labels").flights, 1U);
  EXPECT_EQ(counts(under_test, "labels").joins, 1U);
  advance(limits::kVerifiedLifetime);
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), at_once())), "a=1,b=2,");
  EXPECT_EQ(source_.asked(), asked);
  advance(Clock::duration(1));
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), long_enough())), "a=1,b=2,");
  EXPECT_EQ(source_.asked(), asked + 2);
}

TEST_F(LabelsTest, ThatCouldNotBeReadAreAskedForAgain) {
  auto under_test = gatherer();
  const ManifestRequest request{images_.repository(), digest_};
  source_.answer(request, Error{ErrorCode::Unavailable, "no"});
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), long_enough())), "Unavailable");
  (void)images_.image({{"a", "1"}}, {{"b", "2"}});
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), long_enough())), "a=1,b=2,");
}

TEST_F(LabelsTest, AndSignaturesAskForTheManifestTogetherOnce) {
  auto under_test = gatherer();
  const ManifestRequest manifest{images_.repository(), digest_};
  const int before = source_.asked(manifest);
  source_.hold();
  (void)under_test.gather(both_of(pinned()), at_once());
  source_.release();
  const auto facts = under_test.gather(both_of(pinned()), at_once());
  EXPECT_EQ(told(facts), "a=1,b=2,");
  EXPECT_EQ(outcome(facts), "none");
  EXPECT_EQ(source_.asked(manifest), before + 1);
}

TEST_F(LabelsTest, OfOneRepositoryAreNoneOfAnother) {
  auto under_test = gatherer();
  EXPECT_EQ(told(under_test.gather(labels_of(pinned()), long_enough())), "a=1,b=2,");
  EXPECT_EQ(told(under_test.gather(labels_of("r.example/other@" + digest_.text()), long_enough())), "absent");
}

TEST_F(LabelsTest, AreReplayedAsTheyWereByteForByte) {
  auto recording = settings();
  recording.evidence = store_;
  auto under_test = gatherer(recording);
  source_.answer(TagRequest{images_.repository(), "v3"}, Error{ErrorCode::RateLimited, "429 \xFF"});
  EvidencePlan all{{labels_of("r.example/shop/api:v1").images.at(0),
                    labels_of("r.example/shop/api:v2").images.at(0),
                    labels_of("r.example/shop/api:v3").images.at(0)}};
  const auto live = under_test.gather(all, long_enough());
  const int asked = source_.asked();
  const auto again = replay(array_of(live), all);
  EXPECT_EQ(array_of(again).dump(1), array_of(live).dump(1));
  EXPECT_EQ(told(again.images.at(0)), "a=1,b=2,");
  EXPECT_EQ(told(again.images.at(1)), "absent");
  EXPECT_EQ(told(again.images.at(2)), "RateLimited");
  EXPECT_EQ(source_.asked(), asked) << "a replay asks no registry";
}

TEST_F(LabelsTest, HaveTheConfigOfEveryImageAlsoInAReplayAndNoSecretInTheRecord) {
  const auto one = images_.image_of(
      R"({"os":"linux","architecture":"arm64","created":"2026-11-22T00:00:00Z","config":{"User":"0","Env":["A_KEY=hunter2"],)"
      R"("Labels":{"my.secret":"hunter2"},"Healthcheck":{"Test":["CMD","x"]}},"history":[{"created_by":"ADD http://a/b /c"}]})",
      {{"my.token", "hunter2"}});
  const auto index =
      images_.index({LabelledImages::entry(one), LabelledImages::entry(digest_, "linux", "arm64")});
  const auto asked = labels_of("r.example/shop/api@" + index.text());
  auto under_test = gatherer();
  const auto live = under_test.gather(asked, long_enough());
  const auto record = array_of(live).dump();
  EXPECT_EQ(record.find("hunter2"), std::string::npos) << record;
  const auto replayed = replay(array_of(live), asked);
  EXPECT_EQ(array_of(replayed).dump(), record);
  for (const auto* facts : {&live, &replayed}) {
    const auto& fact = *facts->images.at(0).facts.find<LabelKind>();
    const auto& configs = *std::get<tegata::Known<std::shared_ptr<const ImageLabels>>>(fact).value->configs;
    ASSERT_EQ(configs.size(), 2U);
    EXPECT_EQ(configs[0].platform + configs[0].user + configs[0].created, "linux/arm6402026-11-22T00:00:00Z");
    EXPECT_TRUE(configs[0].healthcheck);
    EXPECT_THAT(configs[0].secrets, ::testing::ElementsAre("variable A_KEY", "label my.secret"));
    EXPECT_THAT(configs[0].added_from, ::testing::ElementsAre("http://a"));
    EXPECT_EQ(configs[1].platform, "linux/amd64");
  }
}

TEST_F(LabelsTest, OfARecordWithoutConfigsHaveNone) {
  const auto facts = replay(
      json::parse(R"([{"image":")" + pinned() + R"(","labels":{"known":{"annotations":{},"labels":{}}}}])"),
      labels_of(pinned()));
  const auto& fact = *facts.images.at(0).facts.find<LabelKind>();
  EXPECT_FALSE(std::get<tegata::Known<std::shared_ptr<const ImageLabels>>>(fact).value->configs);
}

TEST_F(LabelsTest, AreReadBackFromTheRecordSoTheirBytesAreNotStored) {
  auto recording = settings();
  recording.evidence = store_;
  auto under_test = gatherer(recording);
  const auto facts = under_test.gather(labels_of("r.example/shop/api:v1"), long_enough());
  for (const auto& entry : facts.images.at(0).facts.all()) EXPECT_EQ(entry.answer->evidence.text, nullptr);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(LabelsTest, ThatNobodyAskedForAreNotRecorded) {
  auto under_test = gatherer();
  const auto live = under_test.gather(plan(pinned()), long_enough());
  EXPECT_EQ(told(replay(array_of(live), labels_of(pinned()))), "NotRecorded");
  EXPECT_EQ(told(replay(json::array(), labels_of(pinned()))), "NotRecorded");
  EXPECT_EQ(told(replay(array_of(live), plan(pinned()))), "not asked");
}

TEST_F(LabelsTest, ThatAreNoneAreRefusedInARecord) {
  EvidenceReplay again([](const std::string&) { return nullptr; }, store_,
                       fact_kinds(*verifier_, settings()));
  const auto accepted = [&](const std::string& labels) {
    const auto text = R"([{"image":"a","signatures":[],"labels":)" + labels + "}]";
    return ReplayGatherer::of(json::parse(text), again, Time{}).ok();
  };
  EXPECT_TRUE(accepted(R"({"known":{"annotations":{},"labels":{"a":"1"},"evidence":null}})"));
  EXPECT_TRUE(accepted(R"({"known":{"annotations":{},"labels":{}}})"));
  EXPECT_TRUE(accepted(R"({"absent":true})"));
  for (
      const auto* labels :
      {"{}", R"({"known":{}})", R"({"known":{"annotations":{},"labels":[]}})", R"({"known":{"labels":{}}})",
       R"({"known":{"annotations":{"a":1},"labels":{}}})",
       R"({"known":{"annotations":{},"labels":{},"configs":{}}})",
       R"({"known":{"annotations":{},"labels":{},"configs":[1]}})",
       R"({"known":{"annotations":{},"labels":{},"configs":[{"platform":"","user":"","healthcheck":1,"secrets":[],"addedFrom":[],"created":""}]}})",
       R"({"known":{"annotations":{},"labels":{},"configs":[{"platform":"","user":"","healthcheck":true,"secrets":[1],"addedFrom":[],"created":""}]}})"})
    EXPECT_FALSE(accepted(labels)) << labels;
}

}  // namespace
}  // namespace tegata::verifier
