// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/sigstore/virtual_stages.h"
#include "verifier/crypto/hash.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

/// What one thing that is wrong does to a candidate that is good otherwise. Each is seen by its own
/// stage, and no other stage falls with it.
struct Case {
  const char* what;
  SigningRequest request;
  Stages expected;
};

class BrokenWorld : public ::testing::Test {
 protected:
  std::string bundle(const SigningRequest& request) {
    return world_.sign(sha256("the image"), request).bundle_json();
  }
  void expect(const std::vector<Case>& table) {
    for (const auto& [what, request, expected] : table)
      EXPECT_EQ(stages(bundle_parts(bundle(request)), root_), expected) << what;
  }
  static Stages log(const std::string& reason, int timestamps = 0) {
    return {.log = reason, .timestamps = timestamps};
  }

  VirtualSigstore world_;
  const TrustedRoot root_ = root_of(world_);
};

TEST_F(BrokenWorld, CertificatesOfOthersAreSeen) {
  const auto certificate = [](const char* reason) {
    return Stages{.integrated_times = 1, .certificate = reason};
  };
  expect({
      {"of a stranger", {.breaks = {.certificate_by = By::Stranger}}, certificate("CertificateUntrusted")},
      {"of an impostor", {.breaks = {.certificate_by = By::Impostor}}, certificate("CertificateUntrusted")},
      {"for another use", {.extended_key_usage = "clientAuth"}, certificate("CertificateUntrusted")},
      {"for no use", {.extended_key_usage = ""}, certificate("CertificateUntrusted")},
      {"with a key that may not sign",
       {.key_usage = "critical,keyAgreement"},
       certificate("CertificateUntrusted")},
      {"with an unknown critical extension",
       {.more_extensions = {{"1.2.3.4", "critical,DER:0500"}}},
       certificate("CertificateUntrusted")},
      {"logged too late", {.logged_after = std::chrono::minutes(11)}, certificate("CertificateNotValid")},
      {"logged too early", {.logged_after = std::chrono::minutes(-1)}, certificate("CertificateNotValid")},
      {"without SCT", {.sct = false}, certificate("CertificateTimestampMissing")},
      {"SCT of a stranger", {.breaks = {.sct_by = By::Stranger}}, certificate("CertificateTimestampMissing")},
      {"SCT of an impostor",
       {.breaks = {.sct_by = By::Impostor}},
       certificate("CertificateTimestampInvalid")},
      {"SCT over another certificate",
       {.breaks = {.sct_over_other_certificate = true}},
       certificate("CertificateTimestampInvalid")},
      {"two names",
       {.more_names = {{NameKind::Email, "eve@example.com"}}},
       certificate("CertificateMalformed")},
      {"two issuers", {.issuer_v1 = "https://evil.example"}, certificate("CertificateMalformed")},
  });
}

TEST_F(BrokenWorld, AnIntermediateThatHasExpiredIsSeen) {
  VirtualSigstore world({.intermediate_until = kSigningTime - std::chrono::seconds(1)});
  const auto signing = world.sign(sha256("the image"));
  const Stages expected{.integrated_times = 1, .certificate = "CertificateNotValid"};
  EXPECT_EQ(stages(bundle_parts(signing.bundle_json()), root_of(world)), expected);
}

TEST_F(BrokenWorld, ForgedLogsOfTheFirstGenerationAreSeen) {
  expect({
      {"a stranger's log", {.breaks = {.log = {.by = By::Stranger}}}, log("LogEntryMissing")},
      {"an impostor's log", {.breaks = {.log = {.by = By::Impostor}}}, log("LogEntryUntrusted")},
      {"a forged promise", {.breaks = {.log = {.promise_forged = true}}}, log("LogEntryUntrusted")},
      {"a promise of another time",
       {.breaks = {.log = {.promise_time_off = std::chrono::seconds(1)}}},
       log("LogEntryUntrusted")},
      {"a stranger's checkpoint",
       {.breaks = {.log = {.checkpoint_by = By::Stranger}}},
       log("CheckpointInvalid")},
      {"an impostor's checkpoint",
       {.breaks = {.log = {.checkpoint_by = By::Impostor}}},
       log("CheckpointInvalid")},
      {"a checkpoint of another size",
       {.breaks = {.log = {.checkpoint_size_off = 1}}},
       log("InclusionProofInvalid")},
      {"a checkpoint of another tree",
       {.breaks = {.log = {.checkpoint_of_other_tree = true}}},
       log("InclusionProofInvalid")},
      {"a proof of another leaf",
       {.breaks = {.log = {.proof_of_other_leaf = true}}},
       log("InclusionProofInvalid")},
      {"another signature", {.breaks = {.entry_about = EntryAbout::OtherSignature}}, log("LogEntryOfOther")},
      {"another message", {.breaks = {.entry_about = EntryAbout::OtherMessage}}, log("LogEntryOfOther")},
      {"another signer", {.breaks = {.entry_about = EntryAbout::OtherSigner}}, log("LogEntryOfOther")},
      {"a body of another kind",
       {.edit_body = [](json& body) { body["kind"] = "helm"; }},
       log("LogEntryMalformed")},
      {"no log", {.rekor = Rekor::None}, log("LogEntryMissing")},
  });
}

TEST_F(BrokenWorld, ForgedLogsOfTheSecondGenerationAreSeen) {
  const auto second = [](Breaks breaks) {
    return SigningRequest{.rekor = Rekor::V2, .timestamp = true, .breaks = std::move(breaks)};
  };
  expect({
      {"a stranger's log", second({.log = {.by = By::Stranger}}), log("LogEntryMissing", 1)},
      {"an impostor's log", second({.log = {.by = By::Impostor}}), log("CheckpointInvalid", 1)},
      {"a stranger's checkpoint", second({.log = {.checkpoint_by = By::Stranger}}),
       log("CheckpointInvalid", 1)},
      {"an impostor's checkpoint", second({.log = {.checkpoint_by = By::Impostor}}),
       log("CheckpointInvalid", 1)},
      {"another origin", second({.log = {.checkpoint_origin = "log3.virtual"}}), log("CheckpointInvalid", 1)},
      {"another size", second({.log = {.checkpoint_size_off = 1}}), log("InclusionProofInvalid", 1)},
      {"another tree", second({.log = {.checkpoint_of_other_tree = true}}), log("InclusionProofInvalid", 1)},
      {"another leaf", second({.log = {.proof_of_other_leaf = true}}), log("InclusionProofInvalid", 1)},
      {"another signature", second({.entry_about = EntryAbout::OtherSignature}), log("LogEntryOfOther", 1)},
      {"another message", second({.entry_about = EntryAbout::OtherMessage}), log("LogEntryOfOther", 1)},
      {"another signer", second({.entry_about = EntryAbout::OtherSigner}), log("LogEntryOfOther", 1)},
  });
}

TEST_F(BrokenWorld, ForgedTimestampsAreSeen) {
  const Stages without{.integrated_times = 1};
  const Stages not_then{.integrated_times = 1, .timestamps = 1, .certificate = "CertificateNotValid"};
  expect({
      {"by a stranger", {.timestamp = true, .breaks = {.timestamp_by = By::Stranger}}, without},
      {"by an impostor", {.timestamp = true, .breaks = {.timestamp_by = By::Impostor}}, without},
      {"over other bytes", {.timestamp = true, .breaks = {.timestamp_over_other_bytes = true}}, without},
      {"with SHA-1", {.timestamp = true, .imprint_bits = 160}, without},
      {"too late", {.timestamped_after = std::chrono::minutes(11), .timestamp = true}, not_then},
      {"too early", {.timestamped_after = std::chrono::seconds(-1), .timestamp = true}, not_then},
  });
}

TEST_F(BrokenWorld, ASignatureThatWasChangedIsSeen) {
  auto candidate = bundle_parts(bundle({}));
  candidate.signature.back() ^= 1;
  const auto result = stages(candidate, root_);
  EXPECT_EQ(result.signature, "bad");
  EXPECT_EQ(result.log, "LogEntryOfOther");
}

TEST_F(BrokenWorld, AnotherWorldIsBelievedInNothing) {
  VirtualSigstore other;
  const auto signing = other.sign(sha256("the image"), {.timestamp = true});
  const Stages expected{.log = "LogEntryMissing", .certificate = "CertificateUntrusted"};
  EXPECT_EQ(stages(bundle_parts(signing.bundle_json()), root_), expected);
}

}  // namespace
}  // namespace tegata::testing
