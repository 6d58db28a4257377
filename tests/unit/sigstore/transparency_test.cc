// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/prove_time.h"

#include <gmock/gmock.h>

#include <set>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/logged_case.h"
#include "tests/unit/sigstore/test_log.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using namespace verifier;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kRekor1 = "bundle-keyless-gh-rekor1";
constexpr const char* kRekor2 = "bundle-keyless-gh-rekor2-refapi";
constexpr const char* kAnnotated = "legacy-keyless-gh";
constexpr const char* kAttested = "legacy-att-keyless";
constexpr const char* kPromiseOnly = "bundle-v01-promise-only";

// Of every signature of the case, in the alphabet's order: some hold the one that was robbed, too.
std::string verdict_of(const std::string& name) {
  std::multiset<std::string> each;
  for (const auto& one : logged_cases(name)) each.insert(verdict_of(one, mock_root()));
  std::string all;
  for (const auto& verdict : each) all += (all.empty() ? "" : " ") + verdict;
  return all;
}

LogProof proof_of(const LoggedCase& one, const TrustedRoot& root = mock_root()) {
  auto proof = verify_log_entries(one.entries, one.signed_by(), root);
  const auto* rejection = std::get_if<Rejection>(&proof);
  EXPECT_EQ(rejection, nullptr) << rejection->detail;
  return rejection ? LogProof{} : std::get<LogProof>(proof);
}

TEST(Transparency, RecordedSignaturesAreLogged) {
  for (const char* name : {kRekor1,
                           kRekor2,
                           kAnnotated,
                           kAttested,
                           kPromiseOnly,
                           "bundle-att-keyless-rekor1",
                           "bundle-att-keyless-rekor2",
                           "bundle-attach-control",
                           "bundle-attach-control-rekor1",
                           "bundle-byopki-rekor2",
                           "bundle-checkpoint-unknown-cosig",
                           "bundle-key-ed25519-rekor2",
                           "bundle-key-p256-rekor2-refapi",
                           "bundle-key-rsa2048-rekor1",
                           "bundle-key-rsa3072-rekor1",
                           "bundle-key-rsa3072-rekor2",
                           "bundle-key-rsa4096-rekor1",
                           "bundle-keyless-email-rekor2",
                           "bundle-keyless-email-rekor2-refapi",
                           "bundle-keyless-gh-rekor1-tsa",
                           "bundle-keyless-other-rekor2-refapi",
                           "bundle-keyless-uri-rekor2",
                           "bundle-keyless-uri-rekor2-refapi",
                           "bundle-mediatype-old-v03",
                           "b-issuer-v2-only",
                           "issuer-v1-only",
                           "legacy-att-keyless-tsa",
                           "legacy-key-p384-tlog",
                           "legacy-keyless-email",
                           "legacy-keyless-tsa",
                           "san-not-critical"})
    EXPECT_EQ(verdict_of(name), "logged") << name;
}

TEST(Transparency, RecordedForgeriesAreNot) {
  const std::pair<const char*, const char*> table[] = {
      {"bundle-body-noncanonical-rekor2", "LogEntryOfOther"},
      {"legacy-key-ed25519-tlog", "LogEntryMalformed"},
      {"neg-b1-inttime-past", "logged"},  // before its certificate; the log holds it all the same
      {"neg-b1-proof-bad", "InclusionProofInvalid"},
      {"neg-b1-set-bad", "LogEntryUntrusted"},
      {"neg-bundle-33-tlog", "TooLarge"},
      {"neg-bundle-body-tampered-rekor1", "LogEntryOfOther"},
      {"neg-bundle-body-tampered-rekor2", "LogEntryOfOther"},
      {"neg-bundle-cert-swapped", "LogEntryOfOther logged"},
      {"neg-bundle-checkpoint-empty", "CheckpointInvalid"},
      {"neg-bundle-checkpoint-only-witness", "CheckpointInvalid"},
      {"neg-bundle-checkpoint-origin", "CheckpointInvalid"},
      {"neg-bundle-checkpoint-rekor1-sig", "CheckpointInvalid"},
      {"neg-bundle-checkpoint-sig-flip", "CheckpointInvalid"},
      {"neg-bundle-checkpoint-size", "CheckpointInvalid"},
      {"neg-bundle-integratedtime-tampered", "LogEntryUntrusted"},
      {"neg-bundle-kindversion", "LogEntryMalformed"},
      {"neg-bundle-negative-index", "LogEntryMalformed"},
      {"neg-bundle-no-inclusion-proof", "LogEntryMalformed"},
      {"neg-bundle-proof-hash-flip-rekor1", "InclusionProofInvalid"},
      {"neg-bundle-proof-index", "InclusionProofInvalid"},
      {"neg-bundle-roothash-wrong-rekor1", "InclusionProofInvalid"},
      {"neg-bundle-sig-tampered", "LogEntryOfOther"},
      {"neg-bundle-tlog-of-other-rekor1", "LogEntryOfOther logged"},
      {"neg-bundle-tlog-unknown-log", "LogEntryMissing"},
      {"neg-cert-swapped", "LogEntryOfOther logged"},
      {"neg-set-bad", "LogEntryUntrusted"},
      {"neg-set-logid-unknown", "LogEntryMissing"},
      {"neg-set-other-log", "LogEntryUntrusted"},
  };
  for (const auto& [name, verdict] : table) EXPECT_EQ(verdict_of(name), verdict) << name;
}

TEST(Transparency, OnlyAPromiseProvesATime) {
  const auto v1 = proof_of(logged_case(kRekor1));
  EXPECT_THAT(v1.integrated_times, ElementsAre(at_second(1'795'318'744)));
  EXPECT_THAT(v1.logs, ElementsAre("rekor.mock.local"));
  EXPECT_THAT(v1.log_windows, IsEmpty());
  const auto v2 = proof_of(logged_case(kRekor2));
  EXPECT_THAT(v2.integrated_times, IsEmpty());
  EXPECT_THAT(v2.logs, ElementsAre("rekor2.mock.local"));
  ASSERT_EQ(v2.log_windows.size(), 1U);
  EXPECT_EQ(v2.log_windows[0].start, mock_root().transparency_logs[1].valid.start);
  // The integrated time is still there, and nobody signs it any more.
  const auto unsigned_time = proof_of(logged_case("neg-bundle-promise-removed-rekor1"));
  EXPECT_THAT(unsigned_time.integrated_times, IsEmpty());
  EXPECT_EQ(unsigned_time.log_windows.size(), 1U);
}

TEST(Transparency, EntryWithNeitherPromiseNorProofIsMalformed) {
  for (const char* name : {kRekor1, kRekor2}) {
    auto one = logged_case(name);
    one.entries[0].promise.reset();
    one.entries[0].proof.reset();
    EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryMalformed") << name;
  }
}

TEST(Transparency, EntryOfRekor2HasNoTimeAndNoPromise) {
  auto timed = logged_case(kRekor2);
  timed.entries[0].integrated_time = 1'795'318'744;
  EXPECT_EQ(verdict_of(timed, mock_root()), "LogEntryMalformed");
  auto promised = logged_case(kRekor2);
  promised.entries[0].promise = "any";
  EXPECT_EQ(verdict_of(promised, mock_root()), "LogEntryMalformed");
}

TEST(Transparency, ProofWithoutCheckpointProvesNothingWithoutThePromise) {
  auto one = logged_case(kRekor1);
  one.entries[0].proof->checkpoint.clear();
  EXPECT_EQ(verdict_of(one, mock_root()), "logged");
  one.entries[0].promise.reset();
  EXPECT_EQ(verdict_of(one, mock_root()), "CheckpointInvalid");
}

TEST(Transparency, LogWithoutAStartIsNeverBelieved) {
  TrustedRoot root = mock_root();
  for (LogKey& log : root.transparency_logs) log.valid.start.reset();
  for (const char* name : {kRekor1, kRekor2, kAnnotated, kPromiseOnly, "neg-bundle-promise-removed-rekor1"})
    EXPECT_EQ(verdict_of(logged_case(name), root), "LogEntryUntrusted") << name;
}

TEST(Transparency, NoEntryIsNoProof) {
  auto one = logged_case(kRekor1);
  one.entries.clear();
  EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryMissing");
  TrustedRoot empty = mock_root();
  empty.transparency_logs.clear();
  EXPECT_EQ(verdict_of(logged_case(kRekor1), empty), "LogEntryMissing");
}

TEST(Transparency, EntriesOfUnknownLogsAreSkippedBesideAKnownOne) {
  auto one = logged_case(kRekor1);
  LogEntry unknown = one.entries[0];
  unknown.key_id = std::string(32, 'x');
  unknown.canonicalized_body = "garbage";
  one.entries.insert(one.entries.begin(), unknown);
  EXPECT_EQ(verdict_of(one, mock_root()), "logged");
  // Of a known log, garbage is not skipped.
  one.entries[0].key_id = mock_root().transparency_logs[1].key_id;
  EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryMalformed");
}

// CVE-2022-23649, CVE-2022-36056 (cosign): a good entry of another signature made this one count.
TEST(Advisory, EntryOfAnotherSignatureByTheSameIdentityIsOfOther) {
  for (const char* name : {"neg-bundle-of-other-signature", "neg-att-bundle-of-other"})
    EXPECT_EQ(verdict_of(name), "LogEntryOfOther logged") << name;
  for (const char* name : {kRekor1, kRekor2, kAnnotated, kAttested, kPromiseOnly}) {
    auto one = logged_case(name);
    one.entries = logged_case(std::string(name) == kRekor1 ? kPromiseOnly : kRekor1).entries;
    EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryOfOther") << name;
  }
}

// CVE-2026-22703 (cosign): with a trusted root only the SET was checked. Every member counts alone.
TEST(Advisory, EntryThatDiffersInOneMemberIsOfOther) {
  for (const char* name : {kRekor1, kRekor2, kAnnotated, kAttested, kPromiseOnly, "bundle-key-rsa2048-rekor1",
                           "bundle-key-p256-rekor2-refapi"}) {
    const auto good = logged_case(name);
    ASSERT_EQ(verdict_of(good, mock_root()), "logged") << name;
    const auto refused = [&](auto change) {
      auto one = good;
      change(one);
      EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryOfOther") << name;
    };
    refused([](LoggedCase& one) { one.signature.back() ^= 1; });
    refused([](LoggedCase& one) { one.signature += 'x'; });
    refused(
        [](LoggedCase& one) { (one.certificate.empty() ? one.public_key : one.certificate).back() ^= 1; });
    refused([](LoggedCase& one) {  // by its bare key, or with a certificate
      one.certificate = one.certificate.empty() ? one.public_key : "";
    });
    refused([](LoggedCase& one) {
      one.message.back() ^= 1;
      if (one.payload) one.payload->back() ^= 1;
    });
    if (good.envelope) refused([](LoggedCase& one) { one.envelope->back() ^= 1; });
  }
}

// CVE-2024-45395 (sigstore-go): unbounded loops over log entries.
TEST(Advisory, MoreEntriesThanASignatureMayHaveAreNotLookedAt) {
  auto one = logged_case(kRekor1);
  const LogEntry good = one.entries[0];
  while (one.entries.size() < limits::kBundleLogEntries) {
    LogEntry unknown = good;
    unknown.key_id = std::to_string(one.entries.size());
    one.entries.push_back(unknown);
  }
  EXPECT_EQ(verdict_of(one, mock_root()), "logged");
  one.entries.push_back(good);
  EXPECT_EQ(verdict_of(one, mock_root()), "TooLarge");
}

TEST(Advisory, BodyLargerThanABodyMayBeIsNotRead) {
  auto one = logged_case(kRekor1);
  one.entries[0].canonicalized_body = std::string(limits::kLogEntryBody, ' ');
  EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryMalformed");
  one.entries[0].canonicalized_body += ' ';
  EXPECT_EQ(verdict_of(one, mock_root()), "TooLarge");
}

// CVE-2026-49834 (sigstore-go): a threshold of logs was met by entries of one log.
TEST(Advisory, TwoEntriesOfOneLogAreOneLog) {
  auto one = logged_case(kRekor1);
  one.entries.push_back(one.entries[0]);
  EXPECT_EQ(verdict_of(one, mock_root()), "LogEntryMalformed");
  // Nobody signs the index of an entry by its proof alone: the same leaf again, under another one.
  one.entries[1].promise.reset();
  one.entries[1].log_index += 1;
  const auto proof = proof_of(one);
  EXPECT_THAT(proof.logs, ElementsAre("rekor.mock.local"));
  EXPECT_EQ(proof.integrated_times.size(), 1U);
}

TEST(FlippedByte, OfAnEntryIsNeverLogged) {
  for (const char* name : {kRekor1, kRekor2, kAnnotated, kPromiseOnly}) {
    const auto good = logged_case(name);
    const auto flip = [&](auto part_of) {
      auto probe = good;
      const std::size_t size = part_of(probe.entries[0]).size();
      for (std::size_t i = 0; i<size; i += size> 1000 ? 13 : 1) {
        auto one = good;
        auto& part = part_of(one.entries[0]);
        part[i] = static_cast<char>(part[i] ^ 1);
        EXPECT_NE(verdict_of(one, mock_root()), "logged") << name << " at " << i;
      }
    };
    flip([](LogEntry& entry) -> std::string& { return entry.key_id; });
    flip([](LogEntry& entry) -> std::string& { return entry.canonicalized_body; });
    if (good.entries[0].promise) flip([](LogEntry& entry) -> std::string& { return *entry.promise; });
    if (good.entries[0].kind) flip([](LogEntry& entry) -> std::string& { return *entry.kind; });
    if (good.entries[0].kind) flip([](LogEntry& entry) -> std::string& { return entry.version; });
    if (!good.entries[0].proof) continue;
    flip([](LogEntry& entry) -> std::string& { return entry.proof->root_hash; });
    for (std::size_t h = 0; h < good.entries[0].proof->hashes.size(); ++h)
      flip([h](LogEntry& entry) -> std::string& { return entry.proof->hashes[h]; });
    for (const std::int64_t by : {-1, 1}) {
      auto one = good;
      one.entries[0].proof->log_index += by;
      EXPECT_NE(verdict_of(one, mock_root()), "logged") << name;
      one = good;
      one.entries[0].proof->tree_size += by;
      EXPECT_NE(verdict_of(one, mock_root()), "logged") << name;
      one = good;
      one.entries[0].log_index += by;
      EXPECT_NE(verdict_of(one, mock_root()), "logged") << name;
    }
  }
}

}  // namespace
}  // namespace tegata::testing
