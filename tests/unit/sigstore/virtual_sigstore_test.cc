// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_sigstore.h"

#include <gtest/gtest.h>

#include "tests/unit/sigstore/virtual_stages.h"
#include "verifier/crypto/hash.h"
#include "verifier/sigstore/proof/certified_identity.h"

namespace tegata::testing {
namespace {

using namespace verifier;
using Embed = VirtualTimestampAuthority::Embed;

class World : public ::testing::Test {
 protected:
  VirtualSigning sign(const SigningRequest& request) { return world_.sign(sha256("the image"), request); }
  CertificateIdentity identity(const SigningRequest& request) {
    const auto leaf = Certificate::parse_der(sign(request).leaf().der);
    auto read = identity_of(*leaf);
    return std::get<CertificateIdentity>(read);
  }

  VirtualSigstore world_;
  const TrustedRoot root_ = root_of(world_);
  const Stages v1_{.integrated_times = 1}, v1_stamped_{.integrated_times = 1, .timestamps = 1},
      v2_stamped_{.timestamps = 1}, by_key_{.integrated_times = 1, .certificate = "none"};
};

TEST_F(World, IsNamedInItsTrustedRootInEveryPart) {
  EXPECT_EQ(root_.transparency_logs.size(), 2U);
  EXPECT_EQ(root_.certificate_timestamp_logs.size(), 1U);
  EXPECT_EQ(root_.certificate_authorities.size(), 1U);
  EXPECT_EQ(root_.timestamp_authorities.size(), 1U);
}

TEST_F(World, BundlesOfEveryVersionHoldInEveryStage) {
  for (const auto version : {BundleVersion::V01, BundleVersion::V02, BundleVersion::V03}) {
    EXPECT_EQ(stages(bundle_parts(sign({}).bundle_json(version)), root_), v1_);
    EXPECT_EQ(stages(bundle_parts(sign({.timestamp = true}).bundle_json(version)), root_), v1_stamped_);
  }
  const SigningRequest v2{.rekor = Rekor::V2, .timestamp = true};
  EXPECT_EQ(stages(bundle_parts(sign(v2).bundle_json(BundleVersion::V02)), root_), v2_stamped_);
  EXPECT_EQ(stages(bundle_parts(sign(v2).bundle_json(BundleVersion::V03)), root_), v2_stamped_);
}

TEST_F(World, MessagesLayersAndAttestationsHoldInEveryStage) {
  const auto signing = sign({.timestamp = true});
  EXPECT_EQ(stages(message_parts(signing.message_bundle("a file").dump(), "a file"), root_), v1_stamped_);
  EXPECT_EQ(stages(signature_parts(signing.simple_signing()), root_), v1_stamped_);
  const auto attestation = signing.attestation("https://slsa.dev/provenance/v1", R"({"buildType":"x"})");
  EXPECT_EQ(stages(bundle_parts(attestation.bundle_json()), root_), v1_stamped_);
  EXPECT_EQ(stages(attestation_parts(attestation.layer()), root_), v1_stamped_);
}

TEST_F(World, EveryKindOfKeySignsWithAndWithoutACertificate) {
  for (const auto kind : {KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa2048, KeyKind::Ed25519}) {
    const VirtualKey key(kind);
    for (const auto rekor : {Rekor::V1, Rekor::V2}) {
      const Stages good{.integrated_times = rekor == Rekor::V1 ? 1 : 0, .timestamps = 1};
      const auto leaf = sign({.key = kind, .rekor = rekor, .timestamp = true});
      EXPECT_EQ(stages(bundle_parts(leaf.bundle_json()), root_), good) << static_cast<int>(kind);
      Stages without = good;
      without.certificate = "none";
      const auto bare = sign({.bare_key = key, .rekor = rekor, .timestamp = true});
      EXPECT_EQ(stages(bundle_parts(bare.bundle_json()), root_, &key), without) << static_cast<int>(kind);
    }
  }
}

TEST_F(World, LayersAreLoggedForEveryKindOfKeyAndForEd25519OnlyPrehashed) {
  for (const auto kind : {KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa2048}) {
    const VirtualKey key(kind);
    const auto layer = sign({.bare_key = key}).simple_signing();
    EXPECT_EQ(stages(signature_parts(layer), root_, &key), by_key_) << static_cast<int>(kind);
  }
  const VirtualKey key(KeyKind::Ed25519);
  const auto prehashed = sign({.bare_key = key, .way = VirtualKey::Way::Ed25519ph}).simple_signing();
  EXPECT_EQ(stages(signature_parts(prehashed), root_, &key), by_key_);
  // As in the recorded case legacy-key-ed25519-tlog, which cosign made and rejects.
  const Stages rejected{.log = "LogEntryMalformed", .certificate = "none"};
  EXPECT_EQ(stages(signature_parts(sign({.bare_key = key}).simple_signing()), root_, &key), rejected);
}

TEST_F(World, OlderKindsOfEntriesHoldToo) {
  for (const auto kind : {EntryKind::Dsse, EntryKind::IntotoV001, EntryKind::IntotoV002})
    EXPECT_EQ(stages(attestation_parts(sign({.entry_kind = kind}).attestation("t").layer()), root_), v1_)
        << static_cast<int>(kind);
  EXPECT_EQ(stages(signature_parts(sign({.entry_kind = EntryKind::Rekord}).simple_signing()), root_), v1_);
}

TEST_F(World, LogsOfTheSecondGenerationSignWithKeysOfOtherKinds) {
  for (const auto kind : {KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048}) {
    VirtualSigstore world({.rekor_v2_key = kind});
    const auto signing = world.sign(sha256("the image"), {.rekor = Rekor::V2, .timestamp = true});
    EXPECT_EQ(stages(bundle_parts(signing.bundle_json()), root_of(world)), v2_stamped_)
        << static_cast<int>(kind);
  }
}

TEST_F(World, TimestampsHoldWithWhateverIsEmbeddedAndEveryGoodHash) {
  for (const auto embed : {Embed::Nothing, Embed::Leaf, Embed::Chain})
    for (const int bits : {256, 384, 512}) {
      const SigningRequest request{.timestamp = true, .embed = embed, .imprint_bits = bits};
      EXPECT_EQ(stages(bundle_parts(sign(request).bundle_json()), root_), v1_stamped_) << bits;
    }
}

TEST_F(World, CertificatesSayWhatTheRequestSays) {
  EXPECT_EQ(identity({}).subject, SigningRequest{}.identity);
  EXPECT_EQ(identity({}).issuer, SigningRequest{}.issuer);
  EXPECT_EQ(identity({.identity = "alice@example.com", .identity_kind = NameKind::Email}).subject,
            "alice@example.com");
  EXPECT_EQ(identity({.identity = "svc!example.com", .identity_kind = NameKind::Other}).subject,
            "svc!example.com");
  EXPECT_EQ(identity({.issuer = "https://a.example", .issuer_v2 = ""}).issuer, "https://a.example");
  const auto claims = identity({.extensions = {{"1.3.6.1.4.1.57264.1.5", "acme/app"},
                                               {"1.3.6.1.4.1.57264.1.12", "https://github.com/acme/app"}}});
  EXPECT_EQ(claims.extensions.at("githubWorkflowRepository"), "acme/app");
  EXPECT_EQ(claims.extensions.at("sourceRepositoryURI"), "https://github.com/acme/app");
}

TEST_F(World, AnSctMayHaveExtensions) {
  const auto signing = sign({.sct_extensions = std::string("\0\0\5\0\0\1\2\3", 8)});
  EXPECT_EQ(stages(bundle_parts(signing.bundle_json()), root_), v1_);
}

}  // namespace
}  // namespace tegata::testing
