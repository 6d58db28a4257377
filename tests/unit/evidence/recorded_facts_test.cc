// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/recorded_facts.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/sha256.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;
using Signatures = std::shared_ptr<const SignatureFacts>;

const Repository kRepository{"a.example", "b"};

json known_signatures(SignatureFacts facts) {
  ImageFacts image{"a.example/b:v1", std::nullopt, {}};
  image.signatures.push_back(
      {kRepository, Known<Signatures>{std::make_shared<SignatureFacts>(std::move(facts))}});
  return to_json(image).at("signatures").at(0).at("known");
}

TEST(RecordedFacts, KeepsTheThreeKindsOfFactApart) {
  const auto digest = sha256("manifest");
  ImageFacts image{"a.example/b:v1", Known<Digest>{digest}, {}};
  image.signatures.push_back({kRepository, Absent{}});
  image.signatures.push_back({{"c.example", "d"}, Unknown{{ErrorCode::RateLimited, "429"}}});
  EXPECT_EQ(to_json(image).dump(),
            R"({"image":"a.example/b:v1","signatures":[{"absent":true,"repository":"a.example/b"},)"
            R"({"repository":"c.example/d","unknown":{"code":"RateLimited","message":"429"}}],)"
            R"("tag":{"known":")" +
                digest.text() + R"("}})");

  const auto read = read_recorded_facts(to_json(image));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(std::get<Known<Digest>>(*read->tag).value, digest);
  EXPECT_TRUE(std::holds_alternative<Absent>(read->signatures.at(0).evidence));
  EXPECT_EQ(std::get<Unknown>(read->signatures.at(1).evidence).error, (Error{ErrorCode::RateLimited, "429"}));
}

TEST(RecordedFacts, TellsWhetherTheTagWasAsked) {
  EXPECT_FALSE(to_json({"a", std::nullopt, {}}).contains("tag"));
  EXPECT_FALSE(read_recorded_facts(to_json({"a", std::nullopt, {}}))->tag);
  EXPECT_EQ(to_json({"a", Absent{}, {}}).at("tag").dump(), R"({"absent":true})");
}

TEST(RecordedFacts, TellsRejectionsUpToTheBoundAndCountsTheRest) {
  const Rejection rejection{RejectionReason::OtherSigner, "not by this key \xFF", sha256("layer")};
  SignatureFacts facts;
  facts.candidates = limits::kRecordedRejections + 1;
  facts.authorities.push_back({AuthorityId(sha256("key")), {}, {limits::kRecordedRejections, rejection}});
  const auto at_the_bound = known_signatures(facts).at("authorities").at(0);
  EXPECT_EQ(at_the_bound.at("rejected").size(), limits::kRecordedRejections);
  EXPECT_EQ(at_the_bound.at("rejectedMore"), 0);
  EXPECT_EQ(at_the_bound.at("authority"), sha256("key").text());
  EXPECT_EQ(at_the_bound.at("rejected").at(0).dump(), R"({"candidate":")" + sha256("layer").text() +
                                                          R"(","detail":"not by this key )" + "\xEF\xBF\xBD" +
                                                          R"(","reason":"OtherSigner"})");

  facts.authorities.at(0).rejected.push_back(rejection);
  const auto past_it = known_signatures(facts).at("authorities").at(0);
  EXPECT_EQ(past_it.at("rejected").size(), limits::kRecordedRejections);
  EXPECT_EQ(past_it.at("rejectedMore"), 1);
}

TEST(RecordedFacts, TellsWhatMakesFactsIncomplete) {
  SignatureFacts facts;
  facts.too_many = true;
  facts.unknown = Error{ErrorCode::Unavailable, "503"};
  facts.evidence_hash = "abc";
  const auto known = known_signatures(facts);
  EXPECT_EQ(known.at("tooMany"), true);
  EXPECT_EQ(known.at("unknown").at("code"), "Unavailable");
  EXPECT_EQ(known.at("evidence"), "abc");
  EXPECT_TRUE(known_signatures({}).at("evidence").is_null());
  EXPECT_TRUE(known_signatures({}).at("unknown").is_null());
}

}  // namespace
}  // namespace tegata::verifier
