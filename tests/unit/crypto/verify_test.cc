// SPDX-License-Identifier: Apache-2.0
// What PublicKey::check says of signatures, good and broken.
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/test_signer.h"
#include "verifier/crypto/public_key.h"

namespace tegata::verifier {
namespace {

using testing::TestSigner;
using Way = TestSigner::Way;

constexpr std::string_view kMessage = "the bytes that were signed";
constexpr const char* kNames[] = {"hand-p256", "p384", "p521", "rsa2048", "rsa3072", "rsa4096", "ed25519"};

PublicKey key_of(const TestSigner& signer) { return *PublicKey::parse_pem(signer.public_key_pem()); }

TEST(SignatureCheck, AcceptsWhatEachKindOfKeySigns) {
  for (const char* name : kNames) {
    const TestSigner signer(name);
    EXPECT_EQ(key_of(signer).check(kMessage, signer.sign(kMessage)), SignatureCheck::Good) << name;
    EXPECT_EQ(key_of(signer).check("", signer.sign("")), SignatureCheck::Good) << name;
  }
}

TEST(SignatureCheck, AcceptsTheSecondVariantThatCosignWrites) {
  for (const char* name : {"p384", "p521"}) {
    const TestSigner signer(name);
    EXPECT_EQ(key_of(signer).check(kMessage, signer.sign(kMessage, Way::Sha256)), SignatureCheck::Good)
        << name;
  }
  const TestSigner signer("ed25519");
  EXPECT_EQ(key_of(signer).check(kMessage, signer.sign(kMessage, Way::Ed25519ph)), SignatureCheck::Good);
}

TEST(SignatureCheck, RefusesPssForAKeyThatSaysPkcs1) {
  const TestSigner signer("rsa2048");
  EXPECT_EQ(key_of(signer).check(kMessage, signer.sign(kMessage, Way::Pss)), SignatureCheck::NotByThisKey);
}

TEST(SignatureCheck, RefusesEveryFlippedByteOfTheSignature) {
  for (const char* name : kNames) {
    const TestSigner signer(name);
    const PublicKey key = key_of(signer);
    const std::string signature = signer.sign(kMessage);
    for (std::size_t i = 0; i < signature.size(); ++i)
      for (const char bit : {'\x01', '\x40'}) {
        std::string flipped = signature;
        flipped[i] = static_cast<char>(flipped[i] ^ bit);
        EXPECT_NE(key.check(kMessage, flipped), SignatureCheck::Good) << name << " at " << i;
      }
  }
}

TEST(SignatureCheck, RefusesEveryFlippedByteOfTheMessage) {
  for (const char* name : kNames) {
    const TestSigner signer(name);
    const std::string signature = signer.sign(kMessage);
    for (std::size_t i = 0; i < kMessage.size(); ++i) {
      std::string flipped(kMessage);
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      EXPECT_EQ(key_of(signer).check(flipped, signature), SignatureCheck::NotByThisKey) << name;
    }
  }
}

TEST(SignatureCheck, CallsMalformedWhatTheKeyCouldNeverHaveMade) {
  for (const char* name : kNames) {
    const TestSigner signer(name);
    const std::string signature = signer.sign(kMessage);
    const PublicKey key = key_of(signer);
    EXPECT_EQ(key.check(kMessage, ""), SignatureCheck::Malformed) << name;
    EXPECT_EQ(key.check(kMessage, signature + '\0'), SignatureCheck::Malformed) << name;
    EXPECT_EQ(key.check(kMessage, signature.substr(1)), SignatureCheck::Malformed) << name;
    EXPECT_EQ(key.check(kMessage, signature.substr(0, signature.size() - 1)), SignatureCheck::Malformed)
        << name;
  }
}

TEST(SignatureCheck, NeverTakesAnotherKeysSignature) {
  for (const char* signer_name : kNames)
    for (const char* key_name : kNames) {
      if (std::string_view(signer_name) == key_name) continue;
      const TestSigner signer(signer_name), other(key_name);
      EXPECT_NE(key_of(other).check(kMessage, signer.sign(kMessage)), SignatureCheck::Good)
          << signer_name << " with " << key_name;
    }
}

TEST(SignatureCheck, LeavesNothingBehindForTheNextOne) {
  const TestSigner signer("hand-p256");
  const PublicKey key = key_of(signer);
  const std::string signature = signer.sign(kMessage);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(key.check("other", signature), SignatureCheck::NotByThisKey);
    EXPECT_EQ(key.check(kMessage, signature), SignatureCheck::Good);
  }
}

TEST(SignatureCheck, RunsOnManyThreadsAtOnce) {
  for (const char* name : kNames) {
    const TestSigner signer(name);
    const PublicKey key = key_of(signer);
    const std::string signature = signer.sign(kMessage);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i)
          EXPECT_EQ(key.check(t % 2 == 0 ? kMessage : "other", signature),
                    t % 2 == 0 ? SignatureCheck::Good : SignatureCheck::NotByThisKey);
      });
    for (auto& thread : threads) thread.join();
  }
}

}  // namespace
}  // namespace tegata::verifier
