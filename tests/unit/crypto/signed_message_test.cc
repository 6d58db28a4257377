// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/public_key.h"

#include <gtest/gtest.h>

#include "tests/support/test_signer.h"

namespace tegata::verifier {
namespace {

using testing::TestSigner;
using Way = TestSigner::Way;
using enum HashAlgorithm;

constexpr std::string_view kMessage = "the bytes that were signed";
constexpr HashAlgorithm kHashes[] = {Sha256, Sha384, Sha512};

PublicKey key_of(const TestSigner& signer) { return *PublicKey::parse_pem(signer.public_key_pem()); }

TEST(SignedMessage, OfBytesHasEveryHash) {
  const auto message = SignedMessage::of_bytes(kMessage);
  EXPECT_EQ(message.bytes(), kMessage);
  for (const auto algorithm : kHashes) EXPECT_EQ(message.digest(algorithm), hash(algorithm, kMessage));
}

TEST(SignedMessage, OfADigestHasThatHashAlone) {
  for (const auto known : kHashes) {
    const std::string digest = hash(known, kMessage);
    const auto message = SignedMessage::of_digest(known, digest);
    EXPECT_EQ(message.bytes(), std::nullopt);
    for (const auto asked : kHashes)
      EXPECT_EQ(message.digest(asked), asked == known ? std::optional(digest) : std::nullopt);
  }
}

TEST(SignedMessage, OfADigestOfAnotherLengthHasNone) {
  const std::string digest = hash(Sha256, kMessage);
  EXPECT_EQ(SignedMessage::of_digest(Sha256, digest + "x").digest(Sha256), std::nullopt);
  EXPECT_EQ(SignedMessage::of_digest(Sha256, digest.substr(1)).digest(Sha256), std::nullopt);
  EXPECT_EQ(SignedMessage::of_digest(Sha512, digest).digest(Sha512), std::nullopt);
}

TEST(SignedMessage, IsCheckedByTheHashThatItsSignatureIsOver) {
  struct Row {
    const char* key;
    Way way;
    HashAlgorithm over;
  };
  const Row table[] = {{"hand-p256", Way::Own, Sha256}, {"p384", Way::Own, Sha384},
                       {"p384", Way::Sha256, Sha256},   {"p521", Way::Own, Sha512},
                       {"p521", Way::Sha256, Sha256},   {"rsa2048", Way::Own, Sha256}};
  for (const auto& [name, way, over] : table) {
    const TestSigner signer(name);
    const std::string signature = signer.sign(kMessage, way);
    for (const auto known : kHashes) {
      const std::string digest = hash(known, kMessage);
      EXPECT_EQ(key_of(signer).check(SignedMessage::of_digest(known, digest), signature),
                known == over ? SignatureCheck::Good : SignatureCheck::NotByThisKey)
          << name;
      std::string other = digest;
      other[0] ^= 1;
      EXPECT_EQ(key_of(signer).check(SignedMessage::of_digest(known, other), signature),
                SignatureCheck::NotByThisKey);
    }
  }
}

TEST(SignedMessage, OfWhichOnlyAHashIsKnownIsNeverByAnEd25519Key) {
  const TestSigner signer("ed25519");
  const std::string digest = hash(Sha512, kMessage);
  for (const auto way : {Way::Own, Way::Ed25519ph}) {
    const std::string signature = signer.sign(kMessage, way);
    EXPECT_EQ(key_of(signer).check(SignedMessage::of_bytes(kMessage), signature), SignatureCheck::Good);
    EXPECT_EQ(key_of(signer).check(SignedMessage::of_digest(Sha512, digest), signature),
              SignatureCheck::NotByThisKey);
  }
}

TEST(LogSignature, IsOverSha256OrByEd25519Pure) {
  struct Row {
    const char* key;
    Way way;
    SignatureCheck check;
  };
  constexpr auto kGood = SignatureCheck::Good;
  constexpr auto kNot = SignatureCheck::NotByThisKey;
  const Row table[] = {
      {"hand-p256", Way::Own, kGood}, {"p384", Way::Sha256, kGood}, {"p384", Way::Own, kNot},
      {"p521", Way::Sha256, kGood},   {"p521", Way::Own, kNot},     {"rsa2048", Way::Own, kGood},
      {"rsa2048", Way::Pss, kNot},    {"ed25519", Way::Own, kGood}, {"ed25519", Way::Ed25519ph, kNot}};
  for (const auto& [name, way, expected] : table) {
    const TestSigner signer(name);
    EXPECT_EQ(key_of(signer).check_log(kMessage, signer.sign(kMessage, way)), expected) << name;
    EXPECT_EQ(key_of(signer).check_log("other", signer.sign(kMessage, way)), kNot) << name;
    EXPECT_EQ(key_of(signer).check_log(kMessage, "short"), SignatureCheck::Malformed) << name;
  }
}

}  // namespace
}  // namespace tegata::verifier
