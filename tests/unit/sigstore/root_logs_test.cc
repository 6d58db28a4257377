// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/root_members.h"

#include <gtest/gtest.h>

#include "tests/unit/sigstore/trusted_root_fixture.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::testing {
namespace {

using namespace std::literals;
using nlohmann::json;
using verifier::LogKind;
using verifier::PublicKey;

std::string spki_of(const std::string& key) {
  return *verifier::decode_public_key_pem(sigstore_file("keys/" + key + ".pub"));
}

/// A log with this key under its RFC 6962 id.
json log_with(const std::string& spki, const std::string& details) {
  auto log = mock_root()["tlogs"][0];
  log["publicKey"]["rawBytes"] = verifier::encode_base64(spki);
  log["publicKey"]["keyDetails"] = details;
  log["logId"]["keyId"] = verifier::encode_base64(verifier::log_key_id(*PublicKey::parse_der(spki)));
  return log;
}

/// `read`, `left out`, or the name of the error's code.
std::string outcome(const json& log, LogKind kind = LogKind::Transparency) {
  const auto read = verifier::read_root_log(log, kind);
  if (!read.ok()) return std::string(name_of(read.error().code));
  return *read ? "read" : "left out";
}

TEST(RootLogs, ReadKeysOfEveryKindThatIsVerifiedWith) {
  struct Row {
    const char* key;
    const char* details;
    const char* algorithm;
  };
  const Row rows[] = {{"p256", "PKIX_ECDSA_P256_SHA_256", "ECDSA P-256"},
                      {"p384", "PKIX_ECDSA_P384_SHA_384", "ECDSA P-384"},
                      {"p384", "PKIX_ECDSA_P384_SHA_256", "ECDSA P-384"},
                      {"p521", "PKIX_ECDSA_P521_SHA_512", "ECDSA P-521"},
                      {"p521", "PKIX_ECDSA_P521_SHA_256", "ECDSA P-521"},
                      {"ed25519", "PKIX_ED25519", "Ed25519"},
                      {"rsa2048", "PKIX_RSA_PKCS1V15_2048_SHA256", "RSA 2048"},
                      {"rsa3072", "PKIX_RSA_PKCS1V15_3072_SHA256", "RSA 3072"},
                      {"rsa4096", "PKIX_RSA_PKCS1V15_4096_SHA256", "RSA 4096"},
                      {"rsa2048", "PKIX_RSA_PKCS1V5", "RSA 2048"}};
  for (const auto& row : rows) {
    const auto read = verifier::read_root_log(log_with(spki_of(row.key), row.details), LogKind::Transparency);
    ASSERT_TRUE(read.ok() && *read) << row.details;
    EXPECT_EQ((*read)->key.algorithm(), row.algorithm);
  }
}

TEST(RootLogs, RefuseAKeyThatIsNotWhatItsDetailsSay) {
  EXPECT_EQ(outcome(log_with(spki_of("rsa3072"), "PKIX_RSA_PKCS1V15_2048_SHA256")), "Malformed");
  EXPECT_EQ(outcome(log_with(spki_of("p384"), "PKIX_ECDSA_P256_SHA_256")), "Malformed");
  EXPECT_EQ(outcome(log_with(spki_of("rsa2048"), "PKCS1_RSA_PKCS1V5")), "Malformed");
}

TEST(RootLogs, ReadAnRsaKeyOfPkcs1UnderTheIdOfItsSubjectPublicKeyInfo) {
  for (const auto* key : {"rsa2048", "rsa3072", "rsa4096"}) {
    const auto spki = spki_of(key);
    // 4 bytes of the outer SEQUENCE, 15 of the algorithm, 4 of the BIT STRING and its count of unused bits.
    const auto pkcs1 = spki.substr(24);
    ASSERT_EQ(verifier::rsa_public_key_info(pkcs1), spki) << key;
    auto log = log_with(spki, "PKCS1_RSA_PKCS1V5");
    log["publicKey"]["rawBytes"] = verifier::encode_base64(pkcs1);
    EXPECT_EQ(outcome(log), "read") << key;
    log["publicKey"]["rawBytes"] = verifier::encode_base64(pkcs1 + "x");
    EXPECT_EQ(outcome(log), "Malformed") << key;
  }
}

TEST(RootLogs, LeaveOutLogsOfAlgorithmsThatAreNotRead) {
  for (const auto* details : {"PKIX_ECDSA_P256_HMAC_SHA_256", "PKIX_RSA_PSS_2048_SHA256", "LMS_SHA256",
                              "ML_DSA_65", "PKIX_ED25519_PH"})
    EXPECT_EQ(outcome(log_with(spki_of("p256"), details)), "left out") << details;
  auto log = log_with(spki_of("p256"), "PKIX_ECDSA_P256_SHA_256");
  log["hashAlgorithm"] = "SHA2_512";
  EXPECT_EQ(outcome(log), "left out");
}

TEST(RootLogs, KnowTheRealRekorOf2025ByItsId) {
  const auto spki = *verifier::decode_base64("MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=");
  auto log = log_with(spki, "PKIX_ED25519");
  log["baseUrl"] = "https://log2025-1.rekor.sigstore.dev";
  log["logId"]["keyId"] = "zxGZFVvd0FEmjR8WrFwMdcAJ9vtaY/QXf44Y1wUeP6A=";
  EXPECT_EQ(outcome(log), "read");
  log["baseUrl"] = "https://log2025-2.rekor.sigstore.dev";
  EXPECT_EQ(outcome(log), "Malformed");
  log.erase("baseUrl");
  EXPECT_EQ(outcome(log), "Malformed");
}

TEST(RootLogs, TakeEitherIdOfATransparencyLogAndOnlyTheHashOfACtLogsKey) {
  for (const auto* key : {"ed25519", "rsa2048"}) {
    const auto spki = spki_of(key);
    auto log = log_with(spki, key == "ed25519"s ? "PKIX_ED25519" : "PKIX_RSA_PKCS1V15_2048_SHA256");
    EXPECT_EQ(outcome(log), "read") << key;
    EXPECT_EQ(outcome(log, LogKind::CertificateTimestamps), "read") << key;
    const auto note_id = verifier::note_key_id("rekor.mock.local", *PublicKey::parse_der(spki));
    log["logId"]["keyId"] = verifier::encode_base64(note_id);
    EXPECT_EQ(outcome(log), "read") << key;
    EXPECT_EQ(outcome(log, LogKind::CertificateTimestamps), "Malformed") << key;
    log["logId"]["keyId"] = verifier::encode_base64(note_id.substr(0, 4));
    EXPECT_EQ(outcome(log), "Malformed") << key;
  }
}

TEST(RootLogs, FindTheHostInABaseUrl) {
  EXPECT_EQ(verifier::log_origin("https://rekor.example.com"), "rekor.example.com");
  EXPECT_EQ(verifier::log_origin("https://rekor.example.com:3000/api?x#y"), "rekor.example.com");
  EXPECT_EQ(verifier::log_origin("http://user:word@rekor.example.com/"), "rekor.example.com");
  EXPECT_EQ(verifier::log_origin("http://[::1]:3000/"), "::1");
  for (const auto* none :
       {"", "rekor.example.com", "https://", "https:///api", "://", "http://[", "http://@"})
    EXPECT_EQ(verifier::log_origin(none), "") << none;
}

}  // namespace
}  // namespace tegata::testing
