// SPDX-License-Identifier: Apache-2.0
#include "policy/model/limits.h"
#include "tests/unit/sigstore/discovery.h"

namespace tegata::testing {
namespace {

TEST_F(Discovery, AsksForAttestationsOnlyWhereTheyAreInReach) {
  put_blob("envelope");
  put_att(manifest(json::array({descriptor("envelope")})));
  EXPECT_TRUE(discover().list.empty());
  for (const std::string& asked : source_.asked) EXPECT_EQ(asked.find(".att"), std::string::npos);
  reach_ = Reach::SignaturesAndAttestations;
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(std::get<EnvelopeCandidate>(found.list[0]).json, "envelope");
}

TEST_F(Discovery, LooksAt1000LayersOfAttestationsAndNoMore) {
  reach_ = Reach::SignaturesAndAttestations;
  put_blob("envelope");
  json layers = json::array();
  for (std::size_t i = 0; i < limits::kSignatureLayers; ++i) layers.push_back(descriptor("envelope"));
  put_att(manifest(layers));
  auto found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_FALSE(found.too_many);
  layers.push_back(descriptor("envelope"));
  put_att(manifest(layers));
  found = discover();
  EXPECT_EQ(found.list.size(), limits::kSignatureLayers);
  EXPECT_TRUE(found.too_many);
}

TEST_F(Discovery, NeverAsksForAnEnvelopeAboveItsBound) {
  reach_ = Reach::SignaturesAndAttestations;
  const std::string at_bound(limits::kAttestationEnvelope, 'x');
  put_blob(at_bound);
  put_att(manifest(json::array({descriptor(at_bound)})));
  EXPECT_EQ(reason(discover().list.at(0)), "readable");
  source_.asked.clear();
  put_att(manifest(json::array({descriptor(at_bound + 'x')})));
  EXPECT_EQ(reason(discover().list.at(0)), "TooLarge");
  EXPECT_EQ(source_.asked.size(), 4U);
}

}  // namespace
}  // namespace tegata::testing
