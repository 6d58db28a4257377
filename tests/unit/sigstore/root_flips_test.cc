// SPDX-License-Identifier: Apache-2.0
// Negative space of what is trusted: one byte of a key, a certificate or a name in the trusted root is
// changed, or of a certificate that stands between, and nothing that leads there verifies any more.
#include <gtest/gtest.h>

#include <list>

#include "tests/support/virtual_bytes.h"
#include "tests/unit/sigstore/flipped_leaves.h"
#include "tests/unit/sigstore/virtual_verdict.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;
using Embed = VirtualTimestampAuthority::Embed;

/// Of a P-384 key, uncompressed.
constexpr std::size_t kPointBytes = 97;
const Asked kStamped{.timestamp = Demand::Required};

std::string verdict_under(const json& root, const Candidate& candidate, const Asked& asked) {
  auto read = parse_trusted_root(root.dump());
  return read.ok() ? VirtualVerdict(*std::move(read), asked)(candidate) : "no root";
}

std::string bytes_of(const json& certificate) {
  return *decode_base64(certificate.at("rawBytes").get_ref<const std::string&>());
}

class FlippedRoot : public ::testing::Test {
 protected:
  VirtualSigning sign(const SigningRequest& request = {}) { return world_.sign(signed_image(), request); }

  void expect_covered(const std::vector<std::string>& parts, const Candidate& candidate, const Asked& asked,
                      const std::vector<Uncovered>& uncovered = {}) {
    ASSERT_EQ(verdict_under(root_, candidate, asked), "verified");
    for (const std::string& part : parts) {
      const json::json_pointer at(part);
      flip_each_leaf(root_[at], [&](const Flip& flip, const json& value) {
        if (is_uncovered(root_[at], flip, uncovered)) return;
        json root = root_;
        root[at] = value;
        EXPECT_NE(verdict_under(root, candidate, asked), "verified")
            << part << flip.pointer << " at " << flip.at;
      });
    }
  }

  /// The key of the last certificate of a chain: all of an anchor that counts beside its name. Whoever
  /// names an anchor trusts it as it is, so its serial, its extensions and its own signature are nobody's
  /// word.
  std::vector<Uncovered> all_but_the_key(const json& chain) const {
    const std::string anchor = bytes_of(chain.at("certificates").back());
    const auto key = Certificate::parse_der(anchor)->public_key_der();
    const auto from = anchor.find(key) + key.size() - kPointBytes;
    const std::string where = "/" + std::to_string(chain.at("certificates").size() - 1) + "/rawBytes";
    ends_.push_back(where);
    return {{ends_.back(), anchor.substr(0, from)}, {ends_.back(), anchor.substr(from + kPointBytes)}};
  }

  VirtualSigstore world_;
  const json root_ = world_.trusted_root();
  mutable std::list<std::string> ends_;
};

TEST_F(FlippedRoot, LogsOfBothGenerations) {
  expect_covered({"/tlogs/0/publicKey/rawBytes", "/tlogs/0/publicKey/keyDetails", "/tlogs/0/logId"},
                 bundle_candidate(sign().bundle_json()), {});
  // The origin of a checkpoint is the host of baseUrl; what stands before it is no part of the name.
  expect_covered(
      {"/tlogs/1/publicKey/rawBytes", "/tlogs/1/publicKey/keyDetails", "/tlogs/1/logId", "/tlogs/1/baseUrl"},
      bundle_candidate(sign({.rekor = Rekor::V2, .timestamp = true}).bundle_json()), kStamped,
      {{"", "https"}});
}

TEST_F(FlippedRoot, CertificateTimestampLogs) {
  expect_covered({"/ctlogs/0/publicKey/rawBytes", "/ctlogs/0/publicKey/keyDetails", "/ctlogs/0/logId"},
                 bundle_candidate(sign().bundle_json()), {});
}

TEST_F(FlippedRoot, CertificateAuthorities) {
  const json& chain = root_["certificateAuthorities"][0]["certChain"];
  expect_covered({"/certificateAuthorities/0/certChain"}, bundle_candidate(sign().bundle_json()), {},
                 all_but_the_key(chain));
}

TEST_F(FlippedRoot, TimestampAuthorities) {
  const json& chain = root_["timestampAuthorities"][0]["certChain"];
  for (const auto embed : {Embed::Nothing, Embed::Leaf})
    expect_covered({"/timestampAuthorities/0/certChain"},
                   bundle_candidate(sign({.timestamp = true, .embed = embed}).bundle_json()), kStamped,
                   all_but_the_key(chain));
}

// The root has the anchor alone, and the intermediate came with the signature.
TEST_F(FlippedRoot, AnIntermediateThatOnlyTheSignatureBrings) {
  json root = root_;
  auto& chain = root["certificateAuthorities"][0]["certChain"]["certificates"];
  const std::string intermediate = bytes_of(chain[0]);
  chain.erase(0);
  SignedLayer layer = sign().simple_signing();
  auto& annotation = layer.annotations.at("dev.sigstore.cosign/chain");
  EXPECT_EQ(verdict_under(root, signature_candidate(layer), {}), "verified");
  flip_each_byte(intermediate, 1, [&](std::size_t at, const std::string& flipped) {
    annotation = pem_block("CERTIFICATE", flipped);
    EXPECT_NE(verdict_under(root, signature_candidate(layer), {}), "verified") << at;
  });
  annotation = pem_block("CERTIFICATE", intermediate);
  EXPECT_EQ(verdict_under(root, signature_candidate(layer), {}), "verified");
  layer.annotations.erase("dev.sigstore.cosign/chain");
  EXPECT_EQ(verdict_under(root, signature_candidate(layer), {}), "CertificateUntrusted");
}

// Nothing but the path and the present: a PKI of one's own.
TEST_F(FlippedRoot, ACertificateThatNothingElseVouchesFor) {
  const Asked alone{.log = Demand::NotRequired, .sct = Demand::NotRequired};
  const auto signing = sign({.rekor = Rekor::None});
  SignedLayer layer = signing.simple_signing();
  auto& annotation = layer.annotations.at("dev.sigstore.cosign/certificate");
  ASSERT_EQ(verdict_under(root_, signature_candidate(layer), alone), "verified");
  flip_each_byte(signing.leaf().der, 1, [&](std::size_t at, const std::string& flipped) {
    annotation = pem_block("CERTIFICATE", flipped);
    EXPECT_NE(verdict_under(root_, signature_candidate(layer), alone), "verified") << at;
  });
}

}  // namespace
}  // namespace tegata::testing
