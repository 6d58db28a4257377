// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_queue.h"

#include <gtest/gtest.h>

namespace tegata::webhook {
namespace {

std::shared_ptr<PendingRecord> record(const std::string& line, std::vector<ContentLine> contents = {}) {
  auto pending = std::make_shared<PendingRecord>();
  pending->id = line;
  pending->unfinished_line = line;
  pending->contents = std::move(contents);
  return pending;
}

TEST(AuditQueue, HoldsEntriesUpToTheBoundAndNotOneMore) {
  AuditQueue queue(2, 1000);
  EXPECT_TRUE(queue.push(record("a")));
  EXPECT_TRUE(queue.push(record("b")));
  EXPECT_FALSE(queue.push(record("c")));
}

TEST(AuditQueue, HoldsBytesUpToTheBoundAndNotOneMore) {
  AuditQueue queue(10, 10);
  EXPECT_FALSE(queue.push(record("eleven bytes")));
  EXPECT_TRUE(queue.push(record("1234", {{"h", "56"}})));
  EXPECT_FALSE(queue.push(record("78901")));
  EXPECT_TRUE(queue.push(record("7890")));
}

TEST(AuditQueue, HasRoomAgainForWhatWasTakenOrRemoved) {
  AuditQueue queue(1, 4);
  const auto first = record("1234");
  ASSERT_TRUE(queue.push(first));
  queue.remove(first);
  EXPECT_TRUE(queue.empty());
  ASSERT_TRUE(queue.push(record("1234")));
  EXPECT_EQ(queue.take(100).size(), 1u);
  EXPECT_TRUE(queue.push(record("1234")));
}

TEST(AuditQueue, TakesTheOldestUpToTheBytesAskedForButAtLeastOne) {
  AuditQueue queue(10, 1000);
  for (const char* line : {"123456", "12", "34", "56"}) ASSERT_TRUE(queue.push(record(line)));
  EXPECT_EQ(queue.take(4).size(), 1u);
  const auto next = queue.take(4);
  ASSERT_EQ(next.size(), 2u);
  EXPECT_EQ(next[0]->id, "12");
  EXPECT_EQ(next[0]->state, PendingRecord::State::Writing);
  EXPECT_EQ(queue.take(4).size(), 1u);
  EXPECT_TRUE(queue.empty());
}

TEST(AuditBatch, WritesAContentOnceAndBeforeWhatRefersToIt) {
  const auto batch = AuditBatch::of(
      {record("{\"a\":1", {{"h1", "H1"}, {"h2", "H2"}}), record("{\"b\":1", {{"h1", "H1"}})}, 0, {});
  EXPECT_EQ(batch.text, "H1\nH2\n{\"a\":1,\"lostBefore\":0}\n{\"b\":1,\"lostBefore\":0}\n");
}

TEST(AuditBatch, TellsLossesInItsFirstRecordOnly) {
  const auto batch = AuditBatch::of({record("{\"a\":1"), record("{\"b\":1")}, 7, {});
  EXPECT_EQ(batch.text, "{\"a\":1,\"lostBefore\":7}\n{\"b\":1,\"lostBefore\":0}\n");
}

TEST(AuditBatch, KnowsItsWholeLines) {
  const auto batch = AuditBatch::of({record("{\"a\":1"), record("{\"b\":1")}, 0, {});
  const auto line = batch.text.size() / 2;
  EXPECT_EQ(batch.whole_lines(line - 1), 0u);
  EXPECT_EQ(batch.whole_lines(line), line);
  EXPECT_EQ(batch.whole_lines(2 * line - 1), line);
  EXPECT_EQ(batch.whole_lines(2 * line), 2 * line);
}

TEST(RememberedHashes, ForgetsTheOldestPastItsBound) {
  RememberedHashes hashes(2);
  hashes.add("a");
  hashes.add("b");
  hashes.add("a");
  EXPECT_TRUE(hashes.contains("a"));
  EXPECT_TRUE(hashes.contains("b"));
  hashes.add("c");
  EXPECT_FALSE(hashes.contains("a"));
  EXPECT_TRUE(hashes.contains("b"));
  EXPECT_TRUE(hashes.contains("c"));
}

}  // namespace
}  // namespace tegata::webhook
