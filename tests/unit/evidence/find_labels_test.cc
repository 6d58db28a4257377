// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/find_labels.h"

#include <gmock/gmock.h>

#include "labelled_images.h"
#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using json = nlohmann::json;

class FindLabelsTest : public ::testing::Test {
 protected:
  Fact<ImageLabels> found(const Digest& digest) {
    std::optional<Fact<ImageLabels>> fact;
    find_labels(source_, images_.repository(), digest, Deadline::never(),
                [&](Fact<ImageLabels> answer) { fact = std::move(answer); });
    return fact.value();
  }
  ImageLabels labels(const Digest& digest) {
    auto fact = found(digest);
    EXPECT_EQ(why(fact), "");
    return std::get<Known<ImageLabels>>(std::move(fact)).value;
  }
  static std::string why(const Fact<ImageLabels>& fact) {
    if (std::holds_alternative<Absent>(fact)) return "absent";
    const auto* unknown = std::get_if<Unknown>(&fact);
    return unknown == nullptr ? ""
                              : std::string(name_of(unknown->error.code)) + ": " + unknown->error.message;
  }
  std::string why(const Digest& digest) { return why(found(digest)); }

  static std::string filled(const std::string& around, std::size_t size) {
    return around + std::string(size - around.size(), ' ');
  }

  ScriptedSource source_;
  LabelledImages images_{source_, {"r.example", "shop/api"}};
};

TEST_F(FindLabelsTest, ReadsTheLabelsOfTheConfigAndTheAnnotationsOfTheManifest) {
  const auto found = labels(images_.image({{"a", "1"}, {"b", "x"}}, {{"b", "2"}}));
  EXPECT_THAT(found.labels, ElementsAre(Pair("a", "1"), Pair("b", "x")));
  EXPECT_THAT(found.annotations, ElementsAre(Pair("b", "2")));
  EXPECT_EQ(*found.find("a"), "1");
  EXPECT_EQ(*found.find("b"), "2") << "the annotation counts before the label";
  EXPECT_EQ(found.find("c"), nullptr);
}

TEST_F(FindLabelsTest, AnImageWithoutLabelsIsKnownToHaveNone) {
  for (const std::string config : {"{}", R"({"config":null})", R"({"config":{}})",
                                   R"({"config":{"Labels":null}})", R"({"config":{"Labels":{}}})"})
    EXPECT_THAT(labels(images_.image_of(config)).labels, IsEmpty()) << config;
}

TEST_F(FindLabelsTest, AnImageThatIsNotThereIsAbsentAndItsConfigIsNot) {
  EXPECT_EQ(why(sha256("nothing")), "absent");
  const auto missing = sha256("no such config");
  const auto digest =
      images_.manifest(json{{"schemaVersion", 2}, {"config", LabelledImages::descriptor(missing)}}.dump());
  EXPECT_THAT(why(digest), HasSubstr("Malformed: the image's config " + missing.text() + ": "));
}

TEST_F(FindLabelsTest, WhatCannotBeReadIsUnknown) {
  for (const std::string config :
       {"", "no JSON", "[]", R"({"config":[]})", R"({"config":{"Labels":[]}})",
        R"({"config":{"Labels":{"a":1}}})", R"({"config":{"Labels":{"a":"1","a":"2"}}})",
        R"({"config":{},"config":{"Labels":{"a":"1"}}})",
        R"({"config":{"Labels":{"a":")"
        "\xff"
        R"("}}})"})
    EXPECT_THAT(why(images_.image_of(config)), HasSubstr("Malformed: ")) << config;
  EXPECT_THAT(why(images_.manifest("no JSON")), HasSubstr("Malformed: "));
}

TEST_F(FindLabelsTest, AnErrorOfTheRegistryIsToldAsItIs) {
  const auto config = LabelledImages::config({{"a", "1"}});
  const auto digest = images_.image_of(config);
  for (const auto code : {ErrorCode::Unauthorized, ErrorCode::RateLimited, ErrorCode::DeadlineExceeded}) {
    source_.answer(BlobRequest{images_.repository(), sha256(config), 0}, Error{code, "no"});
    EXPECT_THAT(why(digest), HasSubstr(std::string(name_of(code)) + ": the image's config sha256:"));
  }
  source_.answer(ManifestRequest{images_.repository(), digest}, Error{ErrorCode::Unavailable, "no"});
  EXPECT_EQ(why(digest), "Unavailable: no");
}

TEST_F(FindLabelsTest, ReadsAConfigUpToItsBoundAndNoLarger) {
  const auto config = LabelledImages::config({{"a", "1"}});
  EXPECT_EQ(why(images_.image_of(filled(config, limits::kImageConfig))), "");
  EXPECT_THAT(why(images_.image_of(filled(config, limits::kImageConfig + 1))), HasSubstr("LimitExceeded: "));
  // What the manifest says of the size is not believed.
  const auto large = filled(config, limits::kImageConfig + 1);
  const auto digest = images_.manifest(
      json{{"schemaVersion", 2}, {"config", LabelledImages::descriptor(images_.blob(large), 2)}}.dump());
  EXPECT_THAT(why(digest), HasSubstr("LimitExceeded: "));
}

TEST_F(FindLabelsTest, LeavesOutTextsAboveTheirBound) {
  const std::string longest(limits::kLabelText, 'n');
  const auto found = labels(images_.image({{longest, longest}, {longest + "n", "v"}, {"n", longest + "n"}},
                                          {{"a", longest}, {"b", longest + "n"}}));
  EXPECT_THAT(found.labels, ElementsAre(Pair(longest, longest)));
  EXPECT_THAT(found.annotations, ElementsAre(Pair("a", longest)));
}

TEST_F(FindLabelsTest, RefusesMoreTextsThanItsBound) {
  json many = json::object();
  while (many.size() < limits::kLabels) many["n" + std::to_string(many.size())] = "v";
  EXPECT_EQ(labels(images_.image(many, many)).labels.size(), limits::kLabels);
  auto more = many;
  more["n" + std::to_string(more.size())] = "v";
  EXPECT_THAT(why(images_.image(more)), HasSubstr("LimitExceeded: "));
  EXPECT_THAT(why(images_.image({}, more)), HasSubstr("LimitExceeded: "));
  EXPECT_THAT(why(images_.index({}, more)), HasSubstr("LimitExceeded: "));
}

TEST_F(FindLabelsTest, OfAnIndexALabelCountsOnlyWhereEveryImageHasItWithOneValue) {
  const auto one =
      images_.image({{"same", "1"}, {"differs", "a"}, {"once", "x"}}, {{"same", "2"}, {"differs", "a"}});
  const auto two =
      images_.image({{"same", "1"}, {"differs", "b"}}, {{"same", "2"}, {"differs", "b"}, {"once", "x"}});
  const auto found =
      labels(images_.index({LabelledImages::entry(one), LabelledImages::entry(two, "linux", "arm64")}));
  EXPECT_THAT(found.labels, ElementsAre(Pair("same", "1")));
  EXPECT_THAT(found.annotations, ElementsAre(Pair("same", "2")));
}

TEST_F(FindLabelsTest, AnIndexSpeaksForItselfBeforeItsImages) {
  const auto image = images_.image({}, {{"a", "image"}, {"b", "image"}});
  const auto found = labels(images_.index({LabelledImages::entry(image)}, {{"a", "index"}, {"c", "index"}}));
  EXPECT_THAT(found.annotations, ElementsAre(Pair("a", "index"), Pair("b", "image"), Pair("c", "index")));
}

TEST_F(FindLabelsTest, OfAnIndexAttestationsAreNotAskedForAndEveryOtherEntryIs) {
  const auto image = images_.image({{"a", "1"}});
  const auto attestation = images_.image({});
  const auto index =
      images_.index({LabelledImages::entry(image), LabelledImages::entry(attestation, "unknown", "unknown")});
  EXPECT_THAT(labels(index).labels, ElementsAre(Pair("a", "1")));
  EXPECT_EQ(source_.asked(ManifestRequest{images_.repository(), attestation}), 0);

  // A runtime may choose these, whatever they call themselves.
  auto disguised = LabelledImages::entry(attestation);
  disguised["annotations"] = {{"vnd.docker.reference.type", "attestation-manifest"}};
  for (const auto& entry : {disguised, LabelledImages::descriptor(attestation),
                            LabelledImages::entry(attestation, "unknown", "amd64"),
                            LabelledImages::entry(attestation, "linux", "unknown")})
    EXPECT_THAT(labels(images_.index({LabelledImages::entry(image), entry})).labels, IsEmpty()) << entry;
}

TEST_F(FindLabelsTest, AnIndexWithoutImagesHasOnlyWhatItSaysItself) {
  const auto found = labels(images_.index({}, {{"a", "1"}}));
  EXPECT_THAT(found.annotations, ElementsAre(Pair("a", "1")));
  EXPECT_THAT(found.labels, IsEmpty());
}

TEST_F(FindLabelsTest, AnIndexWhoseImagesCannotAllBeReadIsUnknown) {
  const auto image = images_.image({{"a", "1"}});
  const auto absent = sha256("nothing");
  EXPECT_THAT(why(images_.index({LabelledImages::entry(image), LabelledImages::entry(absent)})),
              HasSubstr("Malformed: an image of the index, " + absent.text()));
  const auto inner = images_.index({LabelledImages::entry(image)});
  EXPECT_THAT(why(images_.index({LabelledImages::entry(inner)})), HasSubstr("Malformed: an index within"));
  EXPECT_THAT(why(images_.index({LabelledImages::entry(images_.image_of("[]"))})), HasSubstr("Malformed: "));
}

TEST_F(FindLabelsTest, ReadsAnIndexUpToItsBoundAndNoLarger) {
  std::vector<json> entries;
  while (entries.size() < limits::kLabelledImages)
    entries.push_back(
        LabelledImages::entry(images_.image({{"a", "1"}, {"n", std::to_string(entries.size())}})));
  EXPECT_THAT(labels(images_.index(entries)).labels, ElementsAre(Pair("a", "1")));
  entries.push_back(entries.front());
  EXPECT_EQ(why(images_.index(entries)), "") << "one image twice is one image";
  entries.push_back(LabelledImages::entry(images_.image({{"a", "1"}})));
  EXPECT_THAT(why(images_.index(entries)), HasSubstr("LimitExceeded: "));
}

TEST_F(FindLabelsTest, AsksForNothingTwice) {
  const auto one = images_.image({{"a", "1"}}, {{"b", "1"}});
  const auto two = images_.image({{"a", "1"}}, {{"b", "2"}});  // of the same config
  (void)labels(
      images_.index({LabelledImages::entry(one), LabelledImages::entry(two), LabelledImages::entry(one)}));
  EXPECT_EQ(source_.asked(), 4);
  EXPECT_EQ(source_.asked_most(), 1);
}

TEST(SharedByAll, OfNothingIsNothing) { EXPECT_THAT(shared_by_all({}), IsEmpty()); }

}  // namespace
}  // namespace tegata::verifier
