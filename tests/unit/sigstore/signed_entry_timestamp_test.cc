// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/inclusion.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/sigstore/test_log.h"

namespace tegata::testing {
namespace {

using namespace verifier;

TestLog log_of(std::string_view key = "hand-p256") { return {RekorApi::V1, key, "rekor.test"}; }
LogEntry entry_of(const TestLog& log) { return log.entry("dsse", "0.0.1", "{\"a\":1}"); }

std::string verdict(const LogEntry& entry, const LogKey& key) {
  const auto time = verified_integrated_time(entry, key);
  const auto* rejection = std::get_if<Rejection>(&time);
  return rejection ? std::string(name_of(rejection->reason)) : "signed";
}

TEST(SignedEntryTimestamp, SignsFourMembersAsRfc8785WritesThem) {
  LogEntry entry;
  entry.canonicalized_body = "{}";
  entry.integrated_time = 7;
  entry.key_id = "\x0a\xff";
  entry.log_index = 9;
  EXPECT_EQ(std::get<std::string>(signed_entry_text(entry)),
            R"({"body":"e30=","integratedTime":7,"logID":"0aff","logIndex":9})");
}

TEST(SignedEntryTimestamp, GivesTheIntegratedTime) {
  for (const char* key : {"hand-p256", "p384", "rsa2048", "ed25519"}) {
    const TestLog log = log_of(key);
    const auto time = verified_integrated_time(entry_of(log), log.key());
    ASSERT_TRUE(std::holds_alternative<Time>(time)) << key;
    EXPECT_EQ(std::get<Time>(time), at_second(TestLog::kTime));
  }
}

TEST(SignedEntryTimestamp, HoldsOnlyWhileTheLogsKeyWasInUse) {
  const TestLog log = log_of();
  const LogEntry entry = entry_of(log);
  const auto time = at_second(TestLog::kTime);
  const std::chrono::milliseconds tick(1);
  struct Row {
    ValidFor window;
    const char* verdict;
  };
  const Row table[] = {{{time, time}, "signed"},
                       {{time, std::nullopt}, "signed"},
                       {{time + tick, std::nullopt}, "LogEntryUntrusted"},
                       {{time - tick, time - tick}, "LogEntryUntrusted"},
                       {{std::nullopt, std::nullopt}, "LogEntryUntrusted"},
                       {{std::nullopt, time}, "LogEntryUntrusted"}};
  for (const auto& [window, expected] : table) {
    LogKey key = log.key();
    key.valid = window;
    EXPECT_EQ(verdict(entry, key), expected);
  }
}

TEST(SignedEntryTimestamp, WithoutPromiseOrTimeIsMalformed) {
  const TestLog log = log_of();
  LogEntry entry = entry_of(log);
  entry.promise.reset();
  EXPECT_EQ(verdict(entry, log.key()), "LogEntryMalformed");
  entry = entry_of(log);
  entry.integrated_time.reset();
  EXPECT_EQ(verdict(entry, log.key()), "LogEntryMalformed");
}

// The log signed it, and still it is no time that Time can hold.
TEST(SignedEntryTimestamp, OfATimeBeyondAllTimesIsMalformed) {
  const TestLog log = log_of();
  for (const std::int64_t second :
       {std::int64_t{253'402'300'800}, std::numeric_limits<std::int64_t>::max()}) {
    LogEntry entry = entry_of(log);
    entry.integrated_time = second;
    entry.promise = log.promise(entry);
    EXPECT_EQ(verdict(entry, log.key()), "LogEntryMalformed") << second;
  }
  LogEntry last = entry_of(log);
  last.integrated_time = 253'402'300'799;
  last.promise = log.promise(last);
  EXPECT_EQ(verdict(last, log.key()), "signed");
}

TEST(SignedEntryTimestamp, OfAnotherLogIsUntrusted) {
  const TestLog log = log_of();
  LogKey other = log.key();
  other.key = log_of("hand-other").key().key;
  EXPECT_EQ(verdict(entry_of(log), other), "LogEntryUntrusted");
}

TEST(FlippedByte, OfAnythingThatAPromiseSignsIsUntrusted) {
  const TestLog log = log_of();
  const LogEntry good = entry_of(log);
  ASSERT_EQ(verdict(good, log.key()), "signed");
  const auto refused = [&](auto change) {
    LogEntry entry = good;
    change(entry);
    EXPECT_NE(verdict(entry, log.key()), "signed");
  };
  refused([](LogEntry& entry) { ++entry.log_index; });
  refused([](LogEntry& entry) { ++*entry.integrated_time; });
  for (std::string LogEntry::*part : {&LogEntry::key_id, &LogEntry::canonicalized_body})
    for (std::size_t i = 0; i < (good.*part).size(); ++i)
      refused([&](LogEntry& entry) { (entry.*part)[i] = static_cast<char>((entry.*part)[i] ^ 1); });
  for (std::size_t i = 0; i < good.promise->size(); ++i)
    refused([&](LogEntry& entry) { (*entry.promise)[i] = static_cast<char>((*entry.promise)[i] ^ 1); });
}

}  // namespace
}  // namespace tegata::testing
