// SPDX-License-Identifier: Apache-2.0
// The manifests of an index through the gatherers: read, bounded, cached, recorded, replayed.
#include <nlohmann/json.hpp>

#include "evidence_test.h"
#include "labelled_images.h"
#include "policy/model/index_manifests.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

class IndexManifestsTest : public EvidenceTest {
 protected:
  static EvidencePlan manifests_of(const std::string& image) {
    ImageQuestions asked{reference(image)};
    asked.ask<ManifestsKind>({});
    return {{asked}};
  }
  static std::string pinned(const Digest& digest) { return "r.example/shop/api@" + digest.text(); }
  /// The digests, one a line; `absent`; else the error.
  static std::string told(const GatheredFacts& facts) {
    const auto& fact = *facts.images.at(0).facts.find<ManifestsKind>();
    if (const auto* unknown = std::get_if<Unknown>(&fact))
      return std::string(name_of(unknown->error.code)) + ": " + unknown->error.message;
    const auto* known = std::get_if<tegata::Known<std::shared_ptr<const IndexManifests>>>(&fact);
    if (known == nullptr) return "absent";
    std::string text;
    for (const auto& digest : known->value->digests) text += digest.text() + "\n";
    return text;
  }
  std::string told(const std::string& image) {
    auto under_test = gatherer();
    return told(under_test.gather(manifests_of(image), long_enough()));
  }
  std::string told(const Digest& digest) { return told(pinned(digest)); }

  LabelledImages images_{source_, {"r.example", "shop/api"}};
};

TEST_F(IndexManifestsTest, AreAllThatTheIndexListsEachOnce) {
  const auto one = images_.image({});
  const auto two = sha256("not even in the registry");
  const auto index =
      images_.index({LabelledImages::entry(one), LabelledImages::entry(two, "unknown", "unknown"),
                     LabelledImages::entry(one, "linux", "arm64")});
  EXPECT_EQ(told(index), one.text() + "\n" + two.text() + "\n");
  images_.tag("v1", index);
  EXPECT_EQ(told("r.example/shop/api:v1"), one.text() + "\n" + two.text() + "\n");
}

TEST_F(IndexManifestsTest, AreNoneOfAnImageThatIsAManifest) { EXPECT_EQ(told(images_.image({})), ""); }

TEST_F(IndexManifestsTest, OfWhatIsNotThereAreAbsentAndOfWhatCannotBeReadUnknown) {
  EXPECT_EQ(told(sha256("nothing")), "absent");
  EXPECT_EQ(told("r.example/shop/api:none"), "absent");
  EXPECT_THAT(told(images_.manifest("no JSON")), ::testing::HasSubstr("Malformed: "));
  const auto digest = images_.image({});
  source_.answer(ManifestRequest{images_.repository(), digest}, Error{ErrorCode::RateLimited, "429"});
  EXPECT_EQ(told(digest), "RateLimited: 429");
}

TEST_F(IndexManifestsTest, OfAnIndexWithinTheIndexAreUnknown) {
  for (const auto* type : {"application/vnd.oci.image.index.v1+json",
                           "application/vnd.docker.distribution.manifest.list.v2+json"}) {
    auto inner = LabelledImages::descriptor(images_.index({}));
    inner["mediaType"] = type;
    EXPECT_EQ(told(images_.index({inner})), "Malformed: an index within an index is not read") << type;
  }
}

TEST_F(IndexManifestsTest, AreAsManyAsTheBoundAndNoMore) {
  std::vector<json> entries;
  while (entries.size() < limits::kIndexManifests)
    entries.push_back(LabelledImages::descriptor(sha256(std::to_string(entries.size()))));
  EXPECT_EQ(told(images_.index(entries)).find("LimitExceeded"), std::string::npos);
  entries.push_back(LabelledImages::descriptor(sha256("one more")));
  EXPECT_EQ(told(images_.index(entries)), "LimitExceeded: an index of more than 1024 manifests");
}

TEST_F(IndexManifestsTest, AreReadOnceAndKept) {
  const auto index = images_.index({LabelledImages::entry(images_.image({}))});
  auto under_test = gatherer();
  const auto first = told(under_test.gather(manifests_of(pinned(index)), long_enough()));
  const int asked = source_.asked();
  advance(limits::kVerifiedLifetime);
  EXPECT_EQ(told(under_test.gather(manifests_of(pinned(index)), at_once())), first);
  EXPECT_EQ(source_.asked(), asked);
}

TEST_F(IndexManifestsTest, AreReplayedAsTheyWere) {
  auto under_test = gatherer();
  const auto index = images_.index({LabelledImages::entry(images_.image({}))});
  const auto live = under_test.gather(manifests_of(pinned(index)), long_enough());
  const auto nothing = under_test.gather(plan(pinned(index)), long_enough());
  const int asked = source_.asked();
  EvidenceReplay again([](const std::string&) { return nullptr; }, nullptr,
                       fact_kinds(*verifier_, settings()));
  const auto replayed = [&](const GatheredFacts& recorded) {
    auto gatherer = ReplayGatherer::of(json::parse(array_of(recorded).dump()), again, Time{});
    if (!gatherer.ok()) throw std::runtime_error(gatherer.error().message);
    return told((*gatherer)->gather(manifests_of(pinned(index)), at_once()));
  };
  EXPECT_EQ(replayed(live), told(live));
  EXPECT_THAT(replayed(nothing), ::testing::HasSubstr("NotRecorded"));
  EXPECT_EQ(source_.asked(), asked) << "a replay asks no registry";
  for (const auto* wrong : {R"({"known":{}})", R"({"known":["sha256:1"]})", R"({"known":[1]})", "{}"}) {
    const auto text = R"([{"image":"a","manifests":)" + std::string(wrong) + "}]";
    EXPECT_FALSE(ReplayGatherer::of(json::parse(text), again, Time{}).ok()) << wrong;
  }
}

}  // namespace
}  // namespace tegata::verifier
