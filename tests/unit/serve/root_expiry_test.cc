// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/root_expiry.h"
#include "testdata_folder.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace tegata::webhook {
namespace {

using namespace std::chrono;
using nlohmann::json;

json mock_root() {
  std::ifstream file(std::string(TEGATA_TESTDATA) + "/sigstore/mock/trusted_root.json");
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// What ends of this root, for one authority.
std::vector<RootExpiry> expiries(const json& root, bool certificate, ProofSettings proof) {
  verifier::TrustMaterial trust;
  auto parsed = verifier::parse_trusted_root(root.dump());
  if (!parsed.ok()) throw std::runtime_error(parsed.error().message);
  proof.root = trust.add(*std::move(parsed));
  Authority authority = key_authority(Digest(Digest::Bytes{}), "a.pub");
  if (certificate) authority.signer = CertificateSigner{};
  authority.proof = proof;
  policy::PolicySet policies;
  policies.authorities = {authority};
  return root_expiries(policies, trust);
}

ProofSettings asking(Demand log, Demand timestamp, Demand certificate_timestamp) {
  ProofSettings proof;
  proof.transparency_log = log;
  proof.signed_timestamp = timestamp;
  proof.certificate_timestamp = certificate_timestamp;
  return proof;
}
constexpr auto kYes = Demand::Required;
constexpr auto kNo = Demand::NotRequired;

Time day(int y, unsigned m, unsigned d) { return sys_days(year{y} / month{m} / std::chrono::day{d}); }

TEST(RootExpiry, IsThatOfTheLastLogAndOnlyWhereEveryOneEnds) {
  auto root = mock_root();
  root["tlogs"][0]["publicKey"]["validFor"]["end"] = "2027-01-01T00:00:00Z";
  EXPECT_THAT(expiries(root, false, asking(kYes, kNo, kNo)), ::testing::IsEmpty());
  root["tlogs"][1]["publicKey"]["validFor"]["end"] = "2027-02-01T00:00:00Z";
  const auto ends = expiries(root, false, asking(kYes, kNo, kNo));
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].part, "transparency log");
  EXPECT_EQ(ends[0].end, day(2027, 2, 1));
}

TEST(RootExpiry, CountsALogWithoutAStartForNone) {
  auto root = mock_root();
  for (auto& log : root["tlogs"]) log["publicKey"].erase("validFor");
  const auto ends = expiries(root, false, asking(kYes, kNo, kNo));
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].end, Time{});
}

TEST(RootExpiry, LooksOnlyAtWhatIsAskedFor) {
  auto root = mock_root();
  for (const auto* list : {"tlogs", "ctlogs"})
    for (auto& log : root[list]) log["publicKey"]["validFor"]["end"] = "2027-01-01T00:00:00Z";
  root["timestampAuthorities"][0]["validFor"]["end"] = "2026-12-01T00:00:00Z";
  EXPECT_THAT(expiries(root, false, asking(kNo, kNo, kNo)), ::testing::IsEmpty());
  const auto timestamp = expiries(root, false, asking(kNo, kYes, kNo));
  ASSERT_EQ(timestamp.size(), 1u);
  EXPECT_EQ(timestamp[0].part, "timestamp authority");
  EXPECT_EQ(expiries(root, false, asking(kNo, kNo, kYes)).at(0).part, "certificate transparency log");
  const auto all = expiries(root, true, asking(kYes, kYes, kYes));
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].part, "timestamp authority") << "the earliest first";
}

TEST(RootExpiry, OfAnAuthorityIsTheEarliestEndOfItsChain) {
  const auto ends = expiries(mock_root(), true, asking(kNo, kNo, kNo));
  ASSERT_EQ(ends.size(), 1u);  // the mock's certificates end in November 2036
  EXPECT_GT(ends[0].end, day(2036, 11, 1));
  EXPECT_LT(ends[0].end, day(2036, 12, 1));
  auto earlier = mock_root();
  earlier["certificateAuthorities"][0]["validFor"]["end"] = "2026-12-01T00:00:00Z";
  EXPECT_EQ(expiries(earlier, true, asking(kNo, kNo, kNo)).at(0).end, day(2026, 12, 1));
}

TEST(RootWarnings, WarnThirtyDaysAheadAndOnceADay) {
  auto root = mock_root();
  root["timestampAuthorities"][0]["validFor"]["end"] = "2026-12-31T00:00:00Z";
  RootWarnings warnings;
  EXPECT_TRUE(std::isinf(warnings.seconds_left(day(2026, 12, 1))));
  warnings.replace(expiries(root, false, asking(kNo, kYes, kNo)));
  const auto lines_at = [&](Time now) {
    ::testing::internal::CaptureStderr();
    warnings.warn(now);
    const auto text = ::testing::internal::GetCapturedStderr();
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines_at(day(2026, 12, 1)), 0) << "30 days are left";
  EXPECT_EQ(lines_at(day(2026, 12, 2)), 1);
  EXPECT_EQ(lines_at(day(2026, 12, 2) + 23h), 0);
  EXPECT_EQ(lines_at(day(2026, 12, 3)), 1);
  EXPECT_EQ(lines_at(day(2027, 1, 1)), 1);
  EXPECT_EQ(warnings.seconds_left(day(2026, 12, 30)), 86400);
  EXPECT_EQ(warnings.seconds_left(day(2027, 1, 1)), -86400);
}

}  // namespace
}  // namespace tegata::webhook
