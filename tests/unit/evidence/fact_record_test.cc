// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_record.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/evidence/facts/makers.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

SignatureMaker signature_maker() {
  return {SignatureVerifier(std::make_shared<const TrustMaterial>()), GatherSettings{}};
}

json known_signatures(const SignatureFacts& facts, const Evidence& evidence = {}) {
  return json::parse(signature_maker().write(facts, evidence));
}

template <class K>
void add(ImageFacts& image, const FactMaker<K>& maker, typename K::Question question, FactOf<K> fact) {
  auto answer = answered<K>(maker, question, std::move(fact));
  image.facts.add(AnyQuestion::of<K>(std::move(question)), std::move(answer));
}

TEST(FactRecord, KeepsTheThreeKindsOfFactApartAndSortsItsMembers) {
  const auto digest = sha256("manifest");
  const auto maker = signature_maker();
  ImageFacts image{"a.example/b:v1"};
  add<TagKind>(image, TagMaker(GatherSettings{}), {"v1"}, known_tag(digest));
  add<SignatureKind>(image, maker, {{"a.example", "b"}, {}}, Absent{});
  add<SignatureKind>(image, maker, {{"c.example", "d"}, {}}, Unknown{{ErrorCode::RateLimited, "429"}});
  EXPECT_EQ(facts_text(image),
            R"({"image":"a.example/b:v1","signatures":[{"absent":true,"repository":"a.example/b"},)"
            R"({"repository":"c.example/d","unknown":{"code":"RateLimited","message":"429"}}],)"
            R"("tag":{"known":")" +
                digest.text() + R"("}})");
  EXPECT_EQ(json::parse(facts_text(image)).dump(), facts_text(image)) << "the audit log hashes this spelling";
}

TEST(FactRecord, NamesOnlyTheKindsThatWereAsked) {
  EXPECT_EQ(facts_text({"a\"b"}), R"({"image":"a\"b"})");
  EXPECT_EQ(request_facts_text({}), R"({"request":true})");
}

TEST(FactRecord, ReadsBackWhatItWrote) {
  const auto known = json::parse(known_record("\"repository\":\"r\"", "7"));
  EXPECT_EQ(*read_fact(known)->known, 7);
  EXPECT_EQ(known.at("repository"), "r");
  const auto absent = *read_fact(json::parse(absent_record("")));
  EXPECT_TRUE(absent.known == nullptr && !absent.unknown);
  const Unknown unknown{{ErrorCode::Unavailable, "503"},
                        LastKnown{std::make_shared<int>(1), Time(std::chrono::milliseconds(5))}};
  const auto text = json::parse(unknown_record("", unknown, "[1]"));
  const auto read = *read_fact(text);
  EXPECT_EQ(read.unknown->error, unknown.error);
  EXPECT_EQ(read.last_known->dump(), "[1]");
  EXPECT_EQ(read.last_known_at, unknown.last->at);
  for (const auto* bad :
       {"{}", "7", R"({"unknown":{}})", R"({"unknown":{"code":"Internal","message":""},"lastKnown":{}})"})
    EXPECT_FALSE(read_fact(json::parse(bad)).ok()) << bad;
}

TEST(SignatureRecord, TellsRejectionsUpToTheBoundAndCountsTheRest) {
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

TEST(SignatureRecord, TellsWhatMakesFactsIncomplete) {
  SignatureFacts facts;
  facts.too_many = true;
  facts.unknown = Error{ErrorCode::Unavailable, "503"};
  const auto known = known_signatures(facts, {"abc", nullptr});
  EXPECT_EQ(known.at("tooMany"), true);
  EXPECT_EQ(known.at("unknown").at("code"), "Unavailable");
  EXPECT_EQ(known.at("evidence"), "abc");
  EXPECT_TRUE(known_signatures({}).at("evidence").is_null());
  EXPECT_TRUE(known_signatures({}).at("unknown").is_null());
}

TEST(SignatureRecord, TellsWhenARefusalWasLookedUpSoThatAReplaySaysTheSame) {
  SignatureFacts facts;
  facts.authorities.push_back({AuthorityId(sha256("key")), {}, {}});
  facts.verified_at = Time(std::chrono::milliseconds(1234));
  EXPECT_EQ(known_signatures(facts).at("verifiedAt"), 1234);
  facts.satisfied = true;
  EXPECT_FALSE(known_signatures(facts).contains("verifiedAt")) << "the same line for every look";
  facts.asks_now = true;
  EXPECT_EQ(known_signatures(facts).at("verifiedAt"), 1234);
}

TEST(SignatureLifetime, IsShortForARefusalUnlessLookingIsCostly) {
  const auto maker = signature_maker();
  const FactKey<SignatureKind> key{{{"a.example", "b"}, sha256("image")}, {{"a.example", "b"}, {}}};
  SignatureFacts facts;
  facts.authorities.push_back({AuthorityId(sha256("key")), {}, {}});
  const auto kept = [&](std::size_t requests) {
    return maker.lifetime(
        key, Known<std::shared_ptr<const SignatureFacts>>{std::make_shared<const SignatureFacts>(facts)},
        {requests});
  };
  EXPECT_EQ(kept(limits::kCheapFetch), limits::kRejectedLifetime);
  EXPECT_EQ(kept(limits::kCheapFetch + 1), limits::kCostlyRejectedLifetime);
  facts.too_many = true;
  EXPECT_EQ(kept(1), limits::kCostlyRejectedLifetime);
  facts.too_many = false;
  facts.satisfied = true;
  EXPECT_EQ(kept(limits::kCheapFetch + 1), limits::kVerifiedLifetime);
  facts.unknown = Error{ErrorCode::Unavailable, "503"};
  EXPECT_EQ(kept(1), std::nullopt);
}

}  // namespace
}  // namespace tegata::verifier
