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

// cosign's `attest` without the bundle format, in OCI 1.1 mode. Other layers of such a manifest are unsigned.
TEST_F(Discovery, FindsEnvelopesInReferrersOnlyWhereAttestationsAreInReach) {
  json document = manifest(json::array({descriptor("statement", "application/vnd.in-toto+json"),
                                        descriptor("envelope", "application/vnd.dsse.envelope.v1+json")}));
  document["artifactType"] = "application/vnd.in-toto+json";
  for (const char* blob : {"statement", "envelope"}) put_blob(blob);
  put_referrers({put_manifest(document.dump())});
  EXPECT_TRUE(discover().list.empty());
  EXPECT_EQ(source_.rounds, 2U);
  reach_ = Reach::SignaturesAndAttestations;
  const auto found = discover();
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(std::get<EnvelopeCandidate>(found.list[0]).json, "envelope");
  EXPECT_EQ(std::get<EnvelopeCandidate>(found.list[0]).layer, sha256("envelope"));
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
