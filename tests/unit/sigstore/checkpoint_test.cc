// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/inclusion.h"

#include <gtest/gtest.h>

#include <functional>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/test_log.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using namespace verifier;
using Way = TestSigner::Way;

const std::string kRoot(32, '\x07');

TestLog v1() { return {RekorApi::V1, "hand-p256", "rekor.test"}; }
TestLog v2() { return {RekorApi::V2, "ed25519", "rekor2.test"}; }

std::string text_of(const std::string& origin, const std::string& rest = "") {
  return origin + "\n5\n" + encode_base64(kRoot) + "\n" + rest;
}

// `read`, or the name of the reason.
std::string parsed(const std::string& note) {
  const auto read = parse_checkpoint(note);
  const auto* rejection = std::get_if<Rejection>(&read);
  return rejection ? std::string(name_of(rejection->reason)) : "read";
}

std::string verdict(const std::string& note, const TestLog& log, RekorApi api) {
  const auto read = verified_checkpoint(note, log.key(), api);
  const auto* rejection = std::get_if<Rejection>(&read);
  return rejection ? std::string(name_of(rejection->reason)) : "signed";
}

TEST(Checkpoint, IsReadToItsLastPart) {
  const std::string text = text_of("rekor.test - 1", "Timestamp: 1\nmore\n");
  const auto read = parse_checkpoint(text + "\n\xe2\x80\x94 a AAAAAAE=\n\xe2\x80\x94 b AAAAAgM=\n");
  ASSERT_TRUE(std::holds_alternative<Checkpoint>(read));
  const auto& checkpoint = std::get<Checkpoint>(read);
  EXPECT_EQ(checkpoint.text, text);
  EXPECT_EQ(checkpoint.origin, "rekor.test - 1");
  EXPECT_EQ(checkpoint.tree_size, 5);
  EXPECT_EQ(checkpoint.root_hash, kRoot);
  ASSERT_EQ(checkpoint.signatures.size(), 2U);
  EXPECT_EQ(checkpoint.signatures[1].name, "b");
  EXPECT_EQ(checkpoint.signatures[1].key_id, std::string("\0\0\0\x02", 4));
  EXPECT_EQ(checkpoint.signatures[1].bytes, "\x03");
}

TEST(Checkpoint, IsRefusedInEveryOtherForm) {
  const std::string root = encode_base64(kRoot);
  const std::string line = "\n\xe2\x80\x94 a AAAAAAE=\n";
  const std::string table[] = {"",
                               "\n",
                               "\n\n",
                               "a",
                               line,
                               "o\n5\n" + root + "\n",
                               "o\n5\n" + line,
                               "\n5\n" + root + "\n" + line,
                               "o\n\n" + root + "\n" + line,
                               "o\n05\n" + root + "\n" + line,
                               "o\n+5\n" + root + "\n" + line,
                               "o\n-5\n" + root + "\n" + line,
                               "o\n5 \n" + root + "\n" + line,
                               "o\n0x5\n" + root + "\n" + line,
                               "o\n9223372036854775808\n" + root + "\n" + line,
                               "o\n5\n" + encode_base64(kRoot.substr(1)) + "\n" + line,
                               "o\n5\n" + encode_base64(kRoot + "x") + "\n" + line,
                               "o\n5\n" + root + "=\n" + line,
                               "o\n5\n" + root + "\n\nx\n" + line,
                               "o\n5\n" + root + "\r\n" + line,
                               "o\x01\n5\n" + root + "\n" + line,
                               "o\n5\n" + root + "\n\n",
                               "o\n5\n" + root + "\n\n- a AAAAAAE=\n",
                               "o\n5\n" + root + "\n\n\xe2\x80\x94 a AAAAAAE=",
                               "o\n5\n" + root + "\n\n\xe2\x80\x94 AAAAAAE=\n",
                               "o\n5\n" + root + "\n\n\xe2\x80\x94  AAAAAAE=\n",
                               "o\n5\n" + root + "\n\n\xe2\x80\x94 a AAAAAA==\n",
                               "o\n5\n" + root + "\n\n\xe2\x80\x94 a b AAAAAAE=\n",
                               "o\n5\n" + root + "\n\n\xe2\x80\x94 a AAAAAAE\n",
                               "o\n5\n" + root + "\n" + line + "x\n"};
  EXPECT_EQ(parsed("o\n5\n" + root + "\n" + line), "read");
  EXPECT_EQ(parsed("o\n9223372036854775807\n" + root + "\n" + line), "read");
  EXPECT_EQ(parsed("o\n0\n" + root + "\n" + line), "read");
  for (const auto& note : table) EXPECT_EQ(parsed(note), "CheckpointInvalid") << note;
}

TEST(Checkpoint, IsAtMostAsLargeAsItMayBe) {
  const std::string line = "\xe2\x80\x94 a AAAAAAE=\n";
  std::string note = text_of("o") + "\n";
  for (std::size_t i = 0; i < limits::kCheckpointSignatures; ++i) note += line;
  EXPECT_EQ(parsed(note), "read");
  EXPECT_EQ(parsed(note + line), "TooLarge");
  const std::string end = "\n\n" + line;
  const std::string begin = text_of("o");
  const std::string filled = begin + std::string(limits::kCheckpoint - begin.size() - end.size(), 'x') + end;
  ASSERT_EQ(filled.size(), limits::kCheckpoint);
  EXPECT_EQ(parsed(filled), "read");
  EXPECT_EQ(parsed("o" + filled), "TooLarge");
}

TEST(Checkpoint, CountsWhenItsLogSignedIt) {
  EXPECT_EQ(verdict(v1().checkpoint(kRoot, 5), v1(), RekorApi::V1), "signed");
  EXPECT_EQ(verdict(v2().checkpoint(kRoot, 5), v2(), RekorApi::V2), "signed");
  for (const char* key : {"rsa2048", "p384", "p521"}) {
    const TestLog log(RekorApi::V1, key, "rekor.test");
    EXPECT_EQ(verdict(log.checkpoint(kRoot, 5), log, RekorApi::V1), "signed") << key;
  }
}

TEST(Checkpoint, OfTheOtherApiIsOfAnotherLog) {
  EXPECT_EQ(verdict(v1().checkpoint(kRoot, 5), v1(), RekorApi::V2), "CheckpointInvalid");
  EXPECT_EQ(verdict(v2().checkpoint(kRoot, 5), v2(), RekorApi::V1), "CheckpointInvalid");
}

// The key signs for one name. A second log with the same key, or a witness, is not this log.
TEST(Checkpoint, OfAnotherOriginIsRefusedThoughTheKeySignedIt) {
  for (const char* origin :
       {"rekor3.test", "rekor2.test.", "rekor2.test - 1", " rekor2.test", "REKOR2.test"}) {
    const std::string text = text_of(origin);
    EXPECT_EQ(verdict(text + "\n" + v2().signature_line(text), v2(), RekorApi::V2), "CheckpointInvalid")
        << origin;
  }
  for (const char* origin :
       {"rekor.test", "rekor.test - ", "rekor.test - 1x", "rekor.test -1", "rekor.test - 1 "}) {
    const std::string text = text_of(origin);
    EXPECT_EQ(verdict(text + "\n" + v1().signature_line(text), v1(), RekorApi::V1), "CheckpointInvalid")
        << origin;
  }
}

TEST(Checkpoint, OfALogWhoseOriginIsNotKnownIsRefused) {
  LogKey nameless = v2().key();
  nameless.origin = "";
  const auto read = verified_checkpoint(v2().checkpoint(kRoot, 5), nameless, RekorApi::V2);
  EXPECT_TRUE(std::holds_alternative<Rejection>(read));
}

TEST(Checkpoint, ByEd25519phIsRefused) {
  const std::string text = text_of("rekor2.test");
  EXPECT_EQ(verdict(text + "\n" + v2().signature_line(text, Way::Ed25519ph), v2(), RekorApi::V2),
            "CheckpointInvalid");
}

TEST(Checkpoint, OverTheCurvesOwnHashIsRefused) {
  const TestLog log(RekorApi::V1, "p384", "rekor.test");
  const std::string text = text_of("rekor.test - 1");
  EXPECT_EQ(verdict(text + "\n" + log.signature_line(text, Way::Sha256), log, RekorApi::V1), "signed");
  EXPECT_EQ(verdict(text + "\n" + log.signature_line(text, Way::Own), log, RekorApi::V1),
            "CheckpointInvalid");
}

TEST(Checkpoint, OtherSignaturesAreNotLookedAt) {
  const std::string text = text_of("rekor2.test");
  const std::string own = v2().signature_line(text);
  const std::string other = "\xe2\x80\x94 witness.test AAAAAAE=\n";
  for (const auto& lines : {other + own, own + other, other + own + other, own + own})
    EXPECT_EQ(verdict(text + "\n" + lines, v2(), RekorApi::V2), "signed") << lines;
  EXPECT_EQ(verdict(text + "\n" + other, v2(), RekorApi::V2), "CheckpointInvalid");
}

TEST(Checkpoint, SignatureUnderAnotherNameOrKeyIdIsNotTheLogs) {
  const std::string text = text_of("rekor2.test");
  std::string named = v2().signature_line(text);
  named.replace(named.find("rekor2.test"), 11, "rekor3.test");
  EXPECT_EQ(verdict(text + "\n" + named, v2(), RekorApi::V2), "CheckpointInvalid");
  LogKey other = v2().key();
  other.key_id[0] = static_cast<char>(other.key_id[0] ^ 1);
  EXPECT_TRUE(
      std::holds_alternative<Rejection>(verified_checkpoint(v2().checkpoint(kRoot, 5), other, RekorApi::V2)));
}

// One good line is enough, but nobody has a hundred of them checked.
TEST(Checkpoint, OnlyTheFirstFourLinesOfTheLogAreTried) {
  const std::string text = text_of("rekor2.test");
  const std::string bad = v2().signature_line(text + "x");
  const std::string good = v2().signature_line(text);
  EXPECT_EQ(verdict(text + "\n" + bad + bad + bad + good, v2(), RekorApi::V2), "signed");
  EXPECT_EQ(verdict(text + "\n" + bad + bad + bad + bad + good, v2(), RekorApi::V2), "CheckpointInvalid");
}

TEST(FlippedByte, OfACheckpointIsNeverSigned) {
  for (const auto api : {RekorApi::V1, RekorApi::V2}) {
    const TestLog log = api == RekorApi::V1 ? v1() : v2();
    const std::string note = log.checkpoint(kRoot, 5);
    const std::size_t name = note.rfind("\n\xe2\x80\x94 ") + 5;
    for (std::size_t i = 0; i < note.size(); ++i)
      for (const char bit : {'\x01', '\x20'}) {
        // Of v1's line the name is not compared: shards are told by their key alone.
        if (api == RekorApi::V1 && i >= name && i < name + std::string("rekor.test").size()) continue;
        std::string flipped = note;
        flipped[i] = static_cast<char>(flipped[i] ^ bit);
        EXPECT_NE(verdict(flipped, log, api), "signed") << i << flipped;
      }
  }
}

}  // namespace
}  // namespace tegata::testing
