// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/signing_material.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

const std::string kHash = encode_base64(std::string(32, 'h'));

json good_entry() {
  return {{"logIndex", "100051"},
          {"logId", {{"keyId", encode_base64("key")}}},
          {"kindVersion", {{"kind", "dsse"}, {"version", "0.0.1"}}},
          {"integratedTime", "1795318744"},
          {"inclusionPromise", {{"signedEntryTimestamp", encode_base64("set")}}},
          {"inclusionProof",
           {{"logIndex", "51"},
            {"rootHash", kHash},
            {"treeSize", 52},
            {"hashes", json::array({kHash, kHash})},
            {"checkpoint", {{"envelope", "a note"}}}}},
          {"canonicalizedBody", encode_base64("body")}};
}

json good_annotation() {
  return {{"SignedEntryTimestamp", encode_base64("set")},
          {"Payload",
           {{"body", encode_base64("body")},
            {"integratedTime", 1795318744},
            {"logIndex", 100051},
            {"logID", std::string(64, 'a')}}}};
}

std::string verdict(const OrRejection<LogEntry>& read) {
  const auto* rejection = std::get_if<Rejection>(&read);
  return rejection ? std::string(name_of(rejection->reason)) : "read";
}
// Read as it comes: numbers in a document made here are of another type than in one that was parsed.
OrRejection<LogEntry> read(const json& entry) { return read_log_entry(json::parse(entry.dump())); }
std::string verdict(const json& entry) { return verdict(read(entry)); }
std::string annotated(const json& annotation) { return verdict(read_log_annotation(annotation.dump())); }

TEST(LogEntry, IsReadToItsLastMember) {
  const auto result = read(good_entry());
  ASSERT_TRUE(std::holds_alternative<LogEntry>(result));
  const auto& entry = std::get<LogEntry>(result);
  EXPECT_EQ(entry.log_index, 100051);
  EXPECT_EQ(entry.key_id, "key");
  EXPECT_EQ(entry.kind, "dsse");
  EXPECT_EQ(entry.version, "0.0.1");
  EXPECT_EQ(entry.integrated_time, 1795318744);
  EXPECT_EQ(entry.promise, "set");
  EXPECT_EQ(entry.canonicalized_body, "body");
  ASSERT_TRUE(entry.proof);
  EXPECT_EQ(entry.proof->log_index, 51);
  EXPECT_EQ(entry.proof->tree_size, 52);
  EXPECT_EQ(entry.proof->root_hash, std::string(32, 'h'));
  EXPECT_EQ(entry.proof->hashes.size(), 2U);
  EXPECT_EQ(entry.proof->checkpoint, "a note");
}

TEST(LogEntry, IntegersAreExactAndNeverNegative) {
  for (const json& good : {json("0"), json(0), json("9223372036854775807"), json(9223372036854775807)}) {
    json entry = good_entry();
    entry["logIndex"] = good;
    EXPECT_EQ(verdict(entry), "read") << good;
  }
  for (const json& bad :
       {json("-1"), json(-1), json("01"), json("+1"), json(" 1"), json("1 "), json("1.0"), json(1.0),
        json("1e3"), json(""), json("9223372036854775808"), json(9223372036854775808U), json(true),
        json::array(), json("0x1"), json(18446744073709551615U)})
    for (const char* path :
         {"/logIndex", "/integratedTime", "/inclusionProof/logIndex", "/inclusionProof/treeSize"}) {
      json entry = good_entry();
      entry[json::json_pointer(path)] = bad;
      EXPECT_EQ(verdict(entry), "LogEntryMalformed") << path << bad;
    }
}

// Protojson writes no int64 that is 0 and no empty list: a log's first entry has neither.
TEST(LogEntry, OfALogsFirstLeafHasNoIndexAndNoHashes) {
  json entry = good_entry();
  entry.erase("logIndex");
  entry["inclusionProof"].erase("logIndex");
  entry["inclusionProof"].erase("hashes");
  const auto result = read(entry);
  ASSERT_EQ(verdict(result), "read");
  EXPECT_EQ(std::get<LogEntry>(result).log_index, 0);
  EXPECT_TRUE(std::get<LogEntry>(result).proof->hashes.empty());
}

TEST(LogEntry, ATimeOfZeroIsNone) {
  for (const json& zero : {json("0"), json(0), json()}) {
    json entry = good_entry();
    entry["integratedTime"] = zero;
    const auto result = read(entry);
    ASSERT_EQ(verdict(result), "read");
    EXPECT_EQ(std::get<LogEntry>(result).integrated_time, std::nullopt);
  }
}

TEST(LogEntry, WithoutAMemberIsMalformed) {
  for (const char* path :
       {"/logId", "/logId/keyId", "/kindVersion", "/kindVersion/kind", "/kindVersion/version",
        "/inclusionPromise/signedEntryTimestamp", "/inclusionProof/rootHash",
        "/inclusionProof/checkpoint/envelope", "/canonicalizedBody"}) {
    for (const json& bad : {json(), json(7), json::array(), json("")}) {
      json entry = good_entry();
      entry[json::json_pointer(path)] = bad;
      const bool text = bad == "" && (std::string(path).starts_with("/kindVersion/") ||
                                      std::string(path) == "/inclusionProof/checkpoint/envelope");
      EXPECT_EQ(verdict(entry), text ? "read" : "LogEntryMalformed") << path << bad;
    }
  }
}

TEST(LogEntry, WithBytesThatAreNoBase64IsMalformed) {
  for (const char* path : {"/logId/keyId", "/inclusionPromise/signedEntryTimestamp",
                           "/inclusionProof/rootHash", "/inclusionProof/hashes/0", "/canonicalizedBody"})
    for (const char* bad : {"*", "QQ", "QQ==\n", "QR==", "Q-=="}) {
      json entry = good_entry();
      entry[json::json_pointer(path)] = bad;
      EXPECT_EQ(verdict(entry), "LogEntryMalformed") << path << bad;
    }
}

TEST(LogEntry, HashesAre32BytesEachAndNoMoreThanAPathHas) {
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    json entry = good_entry();
    entry["inclusionProof"]["hashes"][1] = encode_base64(std::string(size, 'h'));
    EXPECT_EQ(verdict(entry), "LogEntryMalformed") << size;
  }
  json entry = good_entry();
  entry["inclusionProof"]["hashes"] = json(63, kHash);
  EXPECT_EQ(verdict(entry), "read");
  entry["inclusionProof"]["hashes"] = json(64, kHash);
  EXPECT_EQ(verdict(entry), "LogEntryMalformed");
}

TEST(LogEntry, WithAnUnknownMemberIsMalformed) {
  for (const char* path :
       {"/color", "/logId/color", "/inclusionProof/color", "/inclusionProof/checkpoint/color"}) {
    json entry = good_entry();
    entry[json::json_pointer(path)] = 1;
    EXPECT_EQ(verdict(entry), "LogEntryMalformed") << path;
  }
}

TEST(LogEntry, IsAnObjectAndNothingElse) {
  for (const json& bad : {json(), json::array(), json("x"), json(1)})
    EXPECT_EQ(verdict(bad), "LogEntryMalformed");
}

TEST(LogAnnotation, IsReadToItsLastMember) {
  const auto read = read_log_annotation(good_annotation().dump());
  ASSERT_TRUE(std::holds_alternative<LogEntry>(read));
  const auto& entry = std::get<LogEntry>(read);
  EXPECT_EQ(entry.log_index, 100051);
  EXPECT_EQ(entry.key_id, std::string(32, '\xaa'));
  EXPECT_EQ(entry.kind, std::nullopt);
  EXPECT_EQ(entry.integrated_time, 1795318744);
  EXPECT_EQ(entry.promise, "set");
  EXPECT_EQ(entry.canonicalized_body, "body");
  EXPECT_FALSE(entry.proof);
}

TEST(LogAnnotation, WithoutAMemberIsMalformed) {
  for (const char* path : {"/SignedEntryTimestamp", "/Payload", "/Payload/body", "/Payload/integratedTime",
                           "/Payload/logIndex", "/Payload/logID"})
    for (const json& bad : {json(), json("x"), json(-1), json(1.5), json::array(), json("")}) {
      json annotation = good_annotation();
      annotation[json::json_pointer(path)] = bad;
      EXPECT_EQ(annotated(annotation), "LogEntryMalformed") << path << bad;
    }
}

TEST(LogAnnotation, LogIdIsOfLowerCaseHexAlone) {
  for (const auto& bad :
       {std::string(64, 'A'), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')}) {
    json annotation = good_annotation();
    annotation["Payload"]["logID"] = bad;
    EXPECT_EQ(annotated(annotation), "LogEntryMalformed") << bad;
  }
}

TEST(LogAnnotation, IsStrictJson) {
  const std::string good = good_annotation().dump();
  for (const std::string& bad : {std::string(), std::string("{}"), std::string("[]"), good + "x", good + good,
                                 "\xef\xbb\xbf" + good, "{\"Payload\":{}," + good.substr(1)})
    EXPECT_EQ(verdict(read_log_annotation(bad)), "LogEntryMalformed") << bad;
  json annotation = good_annotation();
  annotation["Payload"]["color"] = 1;
  EXPECT_EQ(annotated(annotation), "LogEntryMalformed");
  // Go would take this for Payload.
  annotation = good_annotation();
  annotation["payload"] = annotation["Payload"];
  EXPECT_EQ(annotated(annotation), "LogEntryMalformed");
}

TEST(LogAnnotation, IsAtMostAsLargeAsAManifest) {
  std::string good = good_annotation().dump();
  good.append(limits::kManifest - good.size(), ' ');
  EXPECT_EQ(verdict(read_log_annotation(good)), "read");
  EXPECT_EQ(verdict(read_log_annotation(good + " ")), "TooLarge");
}

}  // namespace
}  // namespace tegata::testing
