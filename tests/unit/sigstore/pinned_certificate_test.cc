// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/virtual_bytes.h"
#include "tests/support/virtual_sigstore.h"
#include "verifier/crypto/hash.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {
namespace {

using namespace tegata::testing;

constexpr const char* kCertificate = "dev.sigstore.cosign/certificate";

std::optional<std::string> anybody(const std::monostate&, const CertificateIdentity&) { return std::nullopt; }

class PinnedCertificate : public ::testing::Test {
 protected:
  PinnedCertificate() : root_(trust_->add(*parse_trusted_root(world_.trusted_root_json()))) {}

  CertificateId pin(const VirtualSigning& signing) {
    const auto path =
        std::filesystem::path(::testing::TempDir()) / ("pinned-" + sha256(signing.leaf().der).hex() + ".pem");
    std::ofstream(path, std::ios::binary) << pem_block("CERTIFICATE", signing.leaf().der);
    const auto id = trust_->certificate(path.string());
    std::filesystem::remove(path);
    return *id;
  }

  std::string verdict(const Candidate& candidate, std::optional<CertificateId> pinned) const {
    Authority authority{AuthorityId("pinned"), "pinned",
                        CertificateSigner{{std::monostate{}, anybody}, pinned}};
    authority.proof = {root_, Demand::Required, Demand::NotRequired, Demand::Required};
    const auto outcome = SignatureVerifier(trust_).verify(image_, candidate, authority, kSigningTime);
    if (!outcome) return "none";
    const auto* rejection = std::get_if<Rejection>(&*outcome);
    return rejection ? std::string(name_of(rejection->reason)) : "verified";
  }

  static Candidate without_certificate(SignedLayer layer) {
    layer.annotations.erase(kCertificate);
    return as_it_is(layer);
  }
  static Candidate as_it_is(const SignedLayer& layer) {
    return SimpleSigningCandidate{sha256(layer.blob), layer.blob, layer.annotations};
  }

  Digest image_ = sha256("the image");
  VirtualSigstore world_;
  std::shared_ptr<TrustMaterial> trust_ = std::make_shared<TrustMaterial>();
  TrustedRootId root_;
};

TEST_F(PinnedCertificate, StandsInWhereALayerBringsNone) {
  const auto signing = world_.sign(image_);
  const auto layer = without_certificate(signing.simple_signing());
  EXPECT_EQ(verdict(layer, std::nullopt), "CertificateAbsent");
  EXPECT_EQ(verdict(layer, pin(signing)), "verified");
}

TEST_F(PinnedCertificate, DoesNotVouchForTheSignatureOfAnother) {
  const auto pinned = pin(world_.sign(image_));
  const auto other = world_.sign(image_);
  EXPECT_EQ(verdict(without_certificate(other.simple_signing()), pinned), "SignatureNotByCertificate");
  EXPECT_EQ(verdict(as_it_is(other.simple_signing()), pinned), "IdentityMismatch");
  EXPECT_EQ(verdict(as_it_is(other.simple_signing()), pin(other)), "verified");
}

TEST_F(PinnedCertificate, IsStillHeldAgainstTheRoots) {
  SigningRequest request;
  request.breaks.certificate_by = By::Stranger;
  const auto signing = world_.sign(image_, request);
  EXPECT_EQ(verdict(without_certificate(signing.simple_signing()), pin(signing)), "CertificateUntrusted");
}

TEST_F(PinnedCertificate, IsNoneOfABundleThatWasSignedWithABareKey) {
  const auto certified = world_.sign(image_);
  SigningRequest request;
  request.bare_key = certified.key();
  const auto json = world_.sign(image_, request).bundle_json();
  EXPECT_EQ(verdict(BundleCandidate{sha256(json), json}, pin(certified)), "CertificateAbsent");
}

}  // namespace
}  // namespace tegata::verifier
