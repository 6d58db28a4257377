// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "evidence_test.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr auto kSigned = "registry.example/fx/signed:v1";
constexpr auto kBundled = "registry.example/fx/bundled:v1";

class ReplayTest : public EvidenceTest {
 protected:
  ReplayTest() {
    auto name = (fs::temp_directory_path() / "tegata-replay-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    store_ = *EvidenceStore::open(folder_);
  }
  ~ReplayTest() override { fs::remove_all(folder_); }

  /// Gathers, and keeps what an audit log would keep.
  GatheredFacts record(const EvidencePlan& plan, Deadline deadline = long_enough()) {
    auto recording = settings();
    recording.evidence = store_;
    auto under_test = gatherer(recording);
    auto facts = under_test.gather(plan, deadline);
    recorded_ = array_of(facts);
    for (const auto& image : facts.images)
      for (const auto& entry : image.facts.all())
        if (const auto& evidence = entry.answer->evidence; evidence.text != nullptr)
          texts_[evidence.hash] = evidence.text;
    return facts;
  }
  GatheredFacts replay(const EvidencePlan& plan) {
    EvidenceReplay again(
        [this](const std::string& hash) {
          const auto found = texts_.find(hash);
          return found == texts_.end() ? nullptr : found->second;
        },
        store_, fact_kinds(*verifier_, settings()));
    // Through its text, as the audit log holds it.
    auto gatherer = ReplayGatherer::of(json::parse(recorded_.dump()), again, Time{});
    if (!gatherer.ok()) throw std::runtime_error(gatherer.error().message);
    return (*gatherer)->gather(plan, at_once());
  }
  fs::path folder_;
  std::shared_ptr<EvidenceStore> store_;
  json recorded_;
  std::map<std::string, std::shared_ptr<const std::string>> texts_;
};

TEST_F(ReplayTest, GivesTheSameFactsByteForByteUnderTheSamePolicy) {
  EvidencePlan all{{questions(kSigned, signer_), questions(kBundled, signer_),
                    questions("registry.example/fx/unsigned:v1", signer_),
                    questions("registry.example/fx/absent:v1", signer_),
                    questions("registry.example/fx/signed@sha256:" + std::string(64, 'a'), signer_)}};
  all.images.push_back(questions("registry.example/fx/signed:moved", stranger_));
  source_.answer(TagRequest{{"registry.example", "fx/signed"}, "moved"},
                 Error{ErrorCode::Unavailable, "connection refused \xFF"});
  const auto live = record(all);
  const int asked = source_.asked();
  const auto again = replay(all);
  EXPECT_EQ(array_of(again).dump(1), array_of(live).dump(1));
  EXPECT_EQ(source_.asked(), asked) << "a replay asks no registry";
  EXPECT_EQ(outcome(signatures(again, 0)), "verified");
  EXPECT_EQ(outcome(signatures(again, 1)), "verified");
  EXPECT_EQ(outcome(signatures(again, 2)), "none");
  EXPECT_EQ(outcome(signatures(again, 3)), "absent");
  EXPECT_EQ(outcome(signatures(again, 4)), "absent");
  EXPECT_EQ(outcome(signatures(again, 5)), "Unavailable");
}

TEST_F(ReplayTest, SeesTheErrorsThatWereSeenAtTheTime) {
  const auto digest = source_.layout("fx/signed").tags().at("v1");
  source_.answer(TagRequest{{"registry.example", "fx/signed"}, digest.tag_prefix() + ".sig"},
                 Error{ErrorCode::RateLimited, "429 \xFF"});
  const auto live = record(plan(kSigned));
  ASSERT_EQ(outcome(live), "RateLimited");
  EXPECT_EQ(array_of(replay(plan(kSigned))), array_of(live));
}

TEST_F(ReplayTest, SeesThatTheCallersBudgetWasOver) {
  source_.hold();
  const auto live = record(plan(kSigned), at_once());
  ASSERT_EQ(outcome(live), "CutShort");
  EXPECT_EQ(array_of(replay(plan(kSigned))), array_of(live));
  source_.drop();
}

/// Two looks at the same evidence tell two times, and both records must be exact in one replay.
TEST_F(ReplayTest, TellsOfTheSameEvidenceWhenEachRecordLookedAtIt) {
  const auto unsigned_image = plan("registry.example/fx/unsigned:v1");
  auto recording = settings();
  recording.evidence = store_;
  auto seconds = std::make_shared<int>(1);
  recording.wall_clock = [seconds] { return Time(std::chrono::seconds(*seconds)); };
  auto under_test = gatherer(recording);
  std::vector<json> looks;
  for (int look = 1; look <= 2; ++look) {
    *seconds = look;
    const auto facts = under_test.gather(unsigned_image, long_enough());
    looks.push_back(array_of(facts));
    for (const auto& entry : facts.images.at(0).facts.all())
      if (const auto& evidence = entry.answer->evidence; evidence.text != nullptr)
        texts_[evidence.hash] = evidence.text;
    advance(std::chrono::hours(2));
  }
  ASSERT_NE(looks[0], looks[1]);
  ASSERT_EQ(texts_.size(), 1U) << "the two looks are to have one evidence";
  EvidenceReplay again([this](const std::string& hash) { return texts_.at(hash); }, store_,
                       fact_kinds(*verifier_, settings()));
  for (const auto place : {0U, 1U, 0U}) {
    auto replayed = ReplayGatherer::of(looks[place], again, Time{});
    ASSERT_TRUE(replayed.ok());
    EXPECT_EQ(array_of((*replayed)->gather(unsigned_image, at_once())), looks[place]);
  }
}

TEST_F(ReplayTest, VerifiesAgainUnderOtherKeys) {
  (void)record(plan(kSigned, stranger_));
  EXPECT_EQ(outcome(replay(plan(kSigned, stranger_))), "rejected");
  EXPECT_EQ(outcome(replay(plan(kSigned, signer_))), "verified");
}

TEST_F(ReplayTest, FindsSignaturesThatWereOnlyObserved) {
  const auto live = record(plan(kSigned, TrustSettings::of({})));
  EXPECT_EQ(outcome(live), "1 candidates");
  EXPECT_EQ(outcome(replay(plan(kSigned, signer_))), "verified");
  EXPECT_EQ(outcome(replay(plan(kSigned, stranger_))), "rejected");
}

TEST_F(ReplayTest, SaysNotRecordedOfWhatNobodyAsked) {
  const EvidencePlan nothing{{{reference(kSigned)}}};
  (void)record(nothing);
  const auto facts = replay(plan(kSigned));
  EXPECT_EQ(outcome(facts), "NotRecorded");
  EXPECT_EQ(tag_outcome(facts), "NotRecorded");

  (void)record({});
  EXPECT_EQ(outcome(replay(plan(kSigned))), "NotRecorded");
}

TEST_F(ReplayTest, SaysNotRecordedOfAnotherRepositoryThanWasAsked) {
  (void)record(plan(kSigned));
  EvidencePlan elsewhere{{{reference(kSigned)}}};
  elsewhere.images.at(0).ask<SignatureKind>({{"registry.example", "fx/signatures"}, {signer_}});
  EXPECT_EQ(outcome(replay(elsewhere)), "NotRecorded");
}

TEST_F(ReplayTest, SaysNotRecordedWhereAnyOfTheBytesIsGone) {
  (void)record(plan(kSigned));
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    const auto aside = folder_ / "aside";
    fs::rename(entry.path(), aside);
    EXPECT_EQ(outcome(replay(plan(kSigned))), "NotRecorded") << entry.path();
    fs::rename(aside, entry.path());
  }
  EXPECT_EQ(outcome(replay(plan(kSigned))), "verified");
}

TEST_F(ReplayTest, SaysNotRecordedWhereTheTraceIsGoneOrAltered) {
  (void)record(plan(kSigned));
  ASSERT_EQ(texts_.size(), 1U);
  auto& text = texts_.begin()->second;
  const auto good = text;
  text = std::make_shared<const std::string>(*good + " ");
  EXPECT_EQ(outcome(replay(plan(kSigned))), "NotRecorded");
  texts_.clear();
  EXPECT_EQ(outcome(replay(plan(kSigned))), "NotRecorded");
}

TEST_F(ReplayTest, SaysNotRecordedWhereServeKeptNoEvidence) {
  auto under_test = gatherer();
  const auto live = under_test.gather(plan(kSigned), long_enough());
  ASSERT_EQ(outcome(live), "verified");
  for (const auto& entry : live.images.at(0).facts.all()) EXPECT_EQ(entry.answer->evidence.text, nullptr);
  recorded_ = array_of(live);
  EXPECT_EQ(outcome(replay(plan(kSigned))), "NotRecorded");
  store_ = nullptr;
  EXPECT_EQ(outcome(replay(plan(kSigned))), "NotRecorded");
}

TEST_F(ReplayTest, WritesTheSameTraceForTheSameAnswers) {
  (void)record(plan(kSigned));
  (void)record(plan(kSigned));
  EXPECT_EQ(texts_.size(), 1U);
}

TEST_F(ReplayTest, RefusesFactsThatAreNone) {
  EvidenceReplay again([](const std::string&) { return nullptr; }, store_,
                       fact_kinds(*verifier_, settings()));
  for (
      const auto* text :
      {R"({})", R"([1])", R"([{}])", R"([{"image":"a","signatures":{}}])",
       R"([{"image":"a","signatures":[{}]}])",
       R"([{"image":"a","signatures":[{"repository":"a.example/b"}]}])",
       R"([{"image":"a","signatures":[{"repository":"a.example/b","unknown":{"code":"Odd","message":""}}]}])",
       R"([{"image":"a","signatures":[],"tag":{"known":"v1"}}])",
       R"([{"image":"a","signatures":[],"tag":{}}])"})
    EXPECT_FALSE(ReplayGatherer::of(json::parse(text), again, Time{}).ok()) << text;
  EXPECT_TRUE(
      ReplayGatherer::of(json::parse(R"([{"image":"a","signatures":[]},{"image":"b"}])"), again, Time{})
          .ok());
}

}  // namespace
}  // namespace tegata::verifier
