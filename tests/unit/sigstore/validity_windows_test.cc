// SPDX-License-Identifier: Apache-2.0
// When things are valid: every window of the roots and of every certificate, closed at both ends, with a
// log, with a timestamp, and with nothing but the present to say when it was signed.
#include <gtest/gtest.h>

#include "tests/support/virtual_bytes.h"
#include "tests/unit/sigstore/virtual_verdict.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;
using std::chrono::days;
using std::chrono::seconds;

/// What says when it was signed.
struct Proof {
  const char* name;
  SigningRequest request;
  Asked asked;
};

const Proof kLogged{"log", {}, {}};
const Proof kStampedToo{"log v2 and timestamp", {.rekor = Rekor::V2, .timestamp = true}, {}};
const Proof kStamped{"timestamp",
                     {.rekor = Rekor::None, .timestamp = true},
                     {.log = Demand::NotRequired, .timestamp = Demand::Required}};
const Proof kNow{"now", {.rekor = Rekor::None}, {.log = Demand::NotRequired}};
const std::vector<Proof> kProofs = {kLogged, kStampedToo, kStamped, kNow};

/// A window around the time of signing, and whether that is inside.
struct Window {
  seconds start, end;
  bool holds;
};
constexpr Window kWindows[] = {{seconds(1), days(1), false}, {seconds(0), days(1), true},
                               {-days(1), days(1), true},    {seconds(0), seconds(0), true},
                               {-days(1), seconds(0), true}, {-days(1), seconds(-1), false},
                               {days(2), days(3), false},    {-days(3), -days(2), false}};

std::string verdict_of(VirtualSigstore& world, const json& root, const Proof& proof,
                       Time now = kSigningTime) {
  const auto signing = world.sign(signed_image(), proof.request);
  return VirtualVerdict(read_root(root), proof.asked)(bundle_candidate(signing.bundle_json()), now);
}

/// Moves one window of the root about the time of signing.
void expect_window(const std::string& part, const Proof& proof, const std::string& outside) {
  VirtualSigstore world;
  const json::json_pointer at(part);
  for (const Window& window : kWindows) {
    json root = world.trusted_root();
    root[at] = {{"start", rfc3339(kSigningTime + window.start)}, {"end", rfc3339(kSigningTime + window.end)}};
    EXPECT_EQ(verdict_of(world, root, proof), window.holds ? "verified" : outside)
        << part << " by " << proof.name << ", from " << window.start.count() << " to " << window.end.count();
  }
}

TEST(ValidityWindow, OfACertificateAuthorityHoldsWhateverProvesTheTime) {
  for (const Proof& proof : kProofs)
    expect_window("/certificateAuthorities/0/validFor", proof, "CertificateNotValid");
}

TEST(ValidityWindow, OfATransparencyLogHoldsItsOwnTimesAndTheTimestamps) {
  expect_window("/tlogs/0/publicKey/validFor", kLogged, "LogEntryUntrusted");
  expect_window("/tlogs/1/publicKey/validFor", kStampedToo, "LogEntryUntrusted");
}

TEST(ValidityWindow, OfATimestampAuthorityHoldsItsTimestamps) {
  expect_window("/timestampAuthorities/0/validFor", kStamped, "TimestampInvalid");
  // Where none is required one that is not good is none.
  expect_window("/timestampAuthorities/0/validFor", kStampedToo, "SigningTimeUnknown");
}

TEST(ValidityWindow, OfACertificateTimestampLogHoldsItsTimestamps) {
  for (const Proof& proof : kProofs)
    expect_window("/ctlogs/0/publicKey/validFor", proof, "CertificateTimestampMissing");
}

// A leaf is valid from when it was made, for 600 seconds.
TEST(ValidityWindow, OfALeafIsClosedAtBothEnds) {
  for (const auto& [after, expected] :
       std::vector<std::pair<int, const char*>>{{-86400, "CertificateNotValid"},
                                                {-1, "CertificateNotValid"},
                                                {0, "verified"},
                                                {300, "verified"},
                                                {600, "verified"},
                                                {601, "CertificateNotValid"},
                                                {86400, "CertificateNotValid"}})
    for (Proof proof : kProofs) {
      VirtualSigstore world;
      proof.request.logged_after = proof.request.timestamped_after = seconds(after);
      EXPECT_EQ(verdict_of(world, world.trusted_root(), proof, kSigningTime + seconds(after)), expected)
          << after << " by " << proof.name;
    }
}

TEST(ValidityWindow, OfALeafHoldsAtEveryTimeThatIsProven) {
  for (const auto& [logged, stamped] :
       std::vector<std::pair<int, int>>{{0, 601}, {601, 0}, {-1, 0}, {0, -1}}) {
    VirtualSigstore world;
    Proof proof{"both",
                {.logged_after = seconds(logged), .timestamped_after = seconds(stamped), .timestamp = true},
                {}};
    EXPECT_EQ(verdict_of(world, world.trusted_root(), proof), "CertificateNotValid")
        << logged << ' ' << stamped;
  }
}

TEST(ValidityWindow, OfAnIntermediateEndsWithItsLastSecond) {
  for (const auto& [until, expected] : std::vector<std::pair<int, const char*>>{
           {-1, "CertificateNotValid"}, {0, "verified"}, {1, "verified"}})
    for (const Proof& proof : kProofs) {
      VirtualSigstore world({.intermediate_until = kSigningTime + seconds(until)});
      EXPECT_EQ(verdict_of(world, world.trusted_root(), proof), expected) << until << " by " << proof.name;
    }
}

// The certificates of all authorities, and so the timestamp authority's.
TEST(ValidityWindow, OfRootsEndsWithTheirLastSecond) {
  for (const int until : {-1, 0}) {
    const bool holds = until == 0;
    VirtualSigstore world({.until = kSigningTime + seconds(until)});
    const auto verdict = [&](const Proof& proof) { return verdict_of(world, world.trusted_root(), proof); };
    EXPECT_EQ(verdict(kLogged), holds ? "verified" : "CertificateNotValid");
    EXPECT_EQ(verdict(kNow), holds ? "verified" : "CertificateNotValid");
    EXPECT_EQ(verdict(kStamped), holds ? "verified" : "TimestampInvalid");
    EXPECT_EQ(verdict(kStampedToo), holds ? "verified" : "SigningTimeUnknown");
  }
}

TEST(ValidityWindow, OfRootsBeginsWithTheirFirstSecond) {
  for (const int from : {0, 1}) {
    VirtualSigstore world({.from = kSigningTime + seconds(from)});
    json root = world.trusted_root();
    // Of the certificates alone: the root itself believes all of them for longer.
    const json longer = {{"start", rfc3339(kSigningTime - days(1))}};
    for (const char* part :
         {"/certificateAuthorities/0/validFor", "/timestampAuthorities/0/validFor",
          "/tlogs/0/publicKey/validFor", "/tlogs/1/publicKey/validFor", "/ctlogs/0/publicKey/validFor"})
      root[json::json_pointer(part)] = longer;
    const bool holds = from == 0;
    EXPECT_EQ(verdict_of(world, root, kLogged), holds ? "verified" : "CertificateNotValid");
    EXPECT_EQ(verdict_of(world, root, kNow), holds ? "verified" : "CertificateNotValid");
    EXPECT_EQ(verdict_of(world, root, kStamped), holds ? "verified" : "TimestampInvalid");
  }
}

TEST(ValidityWindow, ThePresentCountsOnlyWhereNothingElseSaysWhen) {
  VirtualSigstore world;
  for (const auto off : {-days(50), days(0), days(4000)})
    for (const Proof& proof : kProofs)
      EXPECT_EQ(verdict_of(world, world.trusted_root(), proof, kSigningTime + off),
                proof.name == kNow.name && off != days(0) ? "CertificateNotValid" : "verified")
          << proof.name << ' ' << off.count();
}

// A time that somebody proved counts though nobody asked for it: no certificate lives longer by that.
TEST(ValidityWindow, OfALeafThatHasEndedIsNotOpenedByThePresent) {
  VirtualSigstore world;
  Proof proof = kNow;
  proof.request.timestamp = true;
  proof.request.timestamped_after = seconds(601);
  EXPECT_EQ(verdict_of(world, world.trusted_root(), proof), "CertificateNotValid");
  proof.request.timestamped_after = seconds(600);
  EXPECT_EQ(verdict_of(world, world.trusted_root(), proof, kSigningTime + days(1)), "verified");
}

}  // namespace
}  // namespace tegata::testing
