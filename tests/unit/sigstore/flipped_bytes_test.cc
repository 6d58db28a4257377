// SPDX-License-Identifier: Apache-2.0
// Negative space: one byte of each input of a good candidate is changed, and nothing verifies.
#include <gtest/gtest.h>

#include "tests/unit/sigstore/signed_material.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

constexpr const char* kSigners[] = {"hand-p256", "p384", "rsa2048", "ed25519"};
constexpr const char* kSignature = "dev.cosignproject.cosign/signature";

// Calls `try_it` with every variant of `text` that differs in one byte.
template <typename Try>
void flip_each_byte(const std::string& text, Try try_it) {
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char bit : {'\x01', '\x20'}) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ bit);
      try_it(flipped, i);
    }
}

TEST(FlippedByte, OfAPayloadIsNeverVerified) {
  for (const char* name : kSigners) {
    const TestSigner signer(name);
    const auto good = signed_layer(signer, payload_for(image()).dump());
    ASSERT_EQ(verdict(good, signer), "verified");
    flip_each_byte(good.payload, [&](const std::string& flipped, std::size_t at) {
      auto candidate = good;
      candidate.payload = flipped;
      EXPECT_NE(verdict(candidate, signer), "verified") << name << " at " << at;
    });
  }
}

TEST(FlippedByte, OfASignatureAnnotationIsNeverVerified) {
  for (const char* name : kSigners) {
    const TestSigner signer(name);
    const auto good = signed_layer(signer, payload_for(image()).dump());
    flip_each_byte(good.annotations.at(kSignature), [&](const std::string& flipped, std::size_t at) {
      auto candidate = good;
      candidate.annotations[kSignature] = flipped;
      EXPECT_NE(verdict(candidate, signer), "verified") << name << " at " << at;
    });
    flip_each_byte(kSignature, [&](const std::string& flipped, std::size_t at) {
      auto candidate = good;
      candidate.annotations = {{flipped, good.annotations.at(kSignature)}};
      EXPECT_EQ(verdict(candidate, signer), "SignatureAbsent") << name << " at " << at;
    });
  }
}

TEST(FlippedByte, OfAKeyIsNeverVerified) {
  for (const char* name : kSigners) {
    const TestSigner signer(name);
    const Candidate layer = signed_layer(signer, payload_for(image()).dump());
    const Candidate bundle = bundle_candidate(signed_bundle(signer, statement_for(image()).dump()));
    flip_each_byte(*decode_public_key_pem(signer.public_key_pem()),
                   [&](const std::string& flipped, std::size_t at) {
                     const auto key = PublicKey::parse_der(flipped);
                     if (!key.ok()) return;
                     for (const Candidate& candidate : {layer, bundle})
                       EXPECT_FALSE(std::holds_alternative<VerifiedSignature>(*outcome(candidate, *key)))
                           << name << " at " << at;
                   });
  }
}

TEST(FlippedByte, OfTheImagesDigestIsNeverVerified) {
  const TestSigner signer("hand-p256");
  const SignatureVerifier verifier(material_of(signer));
  const Candidate layer = signed_layer(signer, payload_for(image()).dump());
  const Candidate bundle = bundle_candidate(signed_bundle(signer, statement_for(image()).dump()));
  for (std::size_t i = 0; i < 32; ++i) {
    Digest::Bytes bytes = image().bytes();
    bytes[i] ^= 1;
    for (const Candidate& candidate : {layer, bundle}) {
      const auto result =
          verifier.verify(Digest(bytes), candidate, key_authority(key_of(signer).id(), "key"), Time{});
      ASSERT_TRUE(result && std::holds_alternative<Rejection>(*result));
      EXPECT_EQ(std::get<Rejection>(*result).reason, RejectionReason::PayloadOtherImage);
    }
  }
}

TEST(FlippedByte, OfAStatementIsNeverVerified) {
  for (const char* name : kSigners) {
    const TestSigner signer(name);
    const std::string statement = statement_for(image()).dump();
    const json good = signed_bundle(signer, statement);
    ASSERT_EQ(verdict(bundle_candidate(good), signer), "verified");
    flip_each_byte(statement, [&](const std::string& flipped, std::size_t at) {
      json bundle = good;
      bundle["dsseEnvelope"]["payload"] = encode_base64(flipped);
      EXPECT_NE(verdict(bundle_candidate(bundle), signer), "verified") << name << " at " << at;
    });
  }
}

// All that is signed in a bundle, and all that its structure is made of. The hint is the one part
// that nobody relies on.
TEST(FlippedByte, OfABundleIsNeverVerifiedUnlessItIsInTheHint) {
  const TestSigner signer("hand-p256");
  json good = signed_bundle(signer, statement_for(image()).dump());
  good["verificationMaterial"]["publicKey"] = json::object();
  const auto candidate = bundle_candidate(good);
  ASSERT_EQ(verdict(candidate, signer), "verified");
  flip_each_byte(candidate.json, [&](const std::string& flipped, std::size_t at) {
    EXPECT_NE(verdict(BundleCandidate{candidate.layer, flipped}, signer), "verified") << at << ' ' << flipped;
  });
}

}  // namespace
}  // namespace tegata::testing
