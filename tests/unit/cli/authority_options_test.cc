// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/authority_options.h"
#include "testdata_folder.h"

#include <gtest/gtest.h>

namespace tegata::webhook::cli {
namespace {

const std::string kFixtures = std::string(TEGATA_TESTDATA) + "/sigstore/";

AuthorityOptions by_key() {
  AuthorityOptions options;
  options.key = kFixtures + "keys/p256.pub";
  return options;
}

AuthorityOptions by_identity() {
  AuthorityOptions options;
  options.identity.subject = "release@acme.example";
  options.identity.issuer = "https://accounts.example.com";
  options.root.trusted_root = kFixtures + "mock/trusted_root.json";
  return options;
}

Authority authority(const AuthorityOptions& options) {
  verifier::TrustMaterial trust;
  return *authority_of(options, trust);
}

std::string refusal(const AuthorityOptions& options) {
  verifier::TrustMaterial trust;
  const auto made = authority_of(options, trust);
  return made.ok() ? "accepted" : made.error().message;
}

bool accepts(const AuthorityOptions& options, const CertificateIdentity& identity) {
  return !std::get<CertificateSigner>(authority(options).signer).mismatch(identity);
}

TEST(AuthorityOptions, AskForALogAndAnSctUnlessTheyAreIgnoredByName) {
  auto options = by_identity();
  EXPECT_EQ(authority(options).proof.transparency_log, Demand::Required);
  EXPECT_EQ(authority(options).proof.certificate_timestamp, Demand::Required);
  EXPECT_EQ(authority(options).proof.signed_timestamp, Demand::NotRequired);
  options.transparency_log = Demand::NotRequired;
  options.certificate_timestamp = Demand::NotRequired;
  options.signed_timestamp = Demand::Required;
  EXPECT_EQ(authority(options).proof.transparency_log, Demand::NotRequired);
  EXPECT_EQ(authority(options).proof.certificate_timestamp, Demand::NotRequired);
  EXPECT_EQ(authority(options).proof.signed_timestamp, Demand::Required);
}

TEST(AuthorityOptions, NameARootWhereSomethingNeedsOne) {
  auto options = by_key();
  EXPECT_NE(refusal(options).find("no transparency log is trusted"), std::string::npos);
  options.root.default_root = kFixtures + "mock/trusted_root.json";
  EXPECT_TRUE(authority(options).proof.root);
  options.transparency_log = Demand::NotRequired;
  EXPECT_FALSE(authority(options).proof.root);
  options.root.default_root.clear();
  EXPECT_FALSE(authority(options).proof.root);
}

TEST(AuthorityOptions, PreferTheRootThatIsGivenToTheDefault) {
  auto options = by_identity();
  const auto given = authority(options).proof.root;
  options.root.default_root = kFixtures + "mock/trusted_root.other-fulcio.json";
  EXPECT_EQ(authority(options).proof.root, given);
  options.root.trusted_root.clear();
  EXPECT_NE(authority(options).proof.root, given);
}

TEST(AuthorityOptions, AcceptTheExactIdentityAndNoOther) {
  EXPECT_TRUE(accepts(by_identity(), {"https://accounts.example.com", "release@acme.example", {}}));
  EXPECT_FALSE(accepts(by_identity(), {"https://accounts.example.com", "xrelease@acme.example", {}}));
  EXPECT_FALSE(accepts(by_identity(), {"https://accounts.example.com.evil", "release@acme.example", {}}));
  EXPECT_FALSE(accepts(by_identity(), {"", "release@acme.example", {}}));
}

TEST(AuthorityOptions, AnchorPatternsAtBothEnds) {
  auto options = by_identity();
  options.identity.subject.reset();
  options.identity.subject_pattern = "[a-z]+@acme[.]example";
  EXPECT_TRUE(accepts(options, {"https://accounts.example.com", "release@acme.example", {}}));
  EXPECT_FALSE(accepts(options, {"https://accounts.example.com", "release@acme.example.evil", {}}));
  EXPECT_FALSE(accepts(options, {"https://accounts.example.com", "1release@acme.example", {}}));
}

TEST(AuthorityOptions, TakeAnEmptyIssuerForACertificateWithoutOne) {
  auto options = by_identity();
  options.identity.issuer = "";
  EXPECT_TRUE(accepts(options, {"", "release@acme.example", {}}));
  EXPECT_FALSE(accepts(options, {"https://accounts.example.com", "release@acme.example", {}}));
}

TEST(AuthorityOptions, HoldExtensionsAgainstTheCertificate) {
  auto options = by_identity();
  options.identity.extensions["githubWorkflowRepository"] = "acme/app";
  CertificateIdentity identity{"https://accounts.example.com", "release@acme.example", {}};
  EXPECT_FALSE(accepts(options, identity));
  identity.extensions["githubWorkflowRepository"] = "acme/app-fork";
  EXPECT_FALSE(accepts(options, identity));
  identity.extensions["githubWorkflowRepository"] = "acme/app";
  EXPECT_TRUE(accepts(options, identity));
}

TEST(AuthorityOptions, ReadRootsAndIntermediatesAsOneAuthority) {
  auto options = by_identity();
  options.root.trusted_root.clear();
  options.root.ca_roots = kFixtures + "keys/byo-root.crt";
  options.root.ca_intermediates = kFixtures + "keys/byo-int.crt";
  options.transparency_log = Demand::NotRequired;
  verifier::TrustMaterial trust;
  const auto made = authority_of(options, trust);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto& authorities = trust.find_root(*made->proof.root)->certificate_authorities;
  ASSERT_EQ(authorities.size(), 1U);
  EXPECT_EQ(authorities.front().authority.chain().size(), 2U);
}

TEST(AuthorityOptions, KnowCosignsWordsForTypes) {
  auto options = by_key();
  options.transparency_log = Demand::NotRequired;
  EXPECT_FALSE(authority(options).attestation);
  options.type = "slsaprovenance1";
  EXPECT_EQ(authority(options).attestation->predicate_type, "https://slsa.dev/provenance/v1");
  options.type = "https://acme.example/review/v1";
  EXPECT_EQ(authority(options).attestation->predicate_type, "https://acme.example/review/v1");
  options.type = "review";
  EXPECT_NE(refusal(options).find("neither a URI"), std::string::npos);
}

}  // namespace
}  // namespace tegata::webhook::cli
