// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "tests/support/test_pki.h"
#include "verifier/crypto/asn1.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using testing::CertificateWish;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::recorded_file;
using testing::TestCertificateHolder;
using testing::TestKey;

const TestCertificateHolder& root() {
  static const auto one = TestCertificateHolder::root();
  return one;
}

Certificate parsed(const TestCertificateHolder& holder) { return *Certificate::parse_der(holder.der()); }

Certificate with_extensions(std::vector<std::string> extensions) {
  return parsed(root().issue({.extensions = std::move(extensions)}));
}

Result<std::vector<std::string>> names(const std::string& value) {
  return with_extensions({"subjectAltName=" + value}).subject_alternative_names();
}

TEST(Certificate, SaysWhatStandsInARecordedLeafOfFulcio) {
  const auto recorded = testing::recorded_signing("legacy-keyless-tsa");
  const auto leaf = *Certificate::parse_der(recorded.certificate_der);
  EXPECT_EQ(leaf.der(), recorded.certificate_der);
  EXPECT_EQ(leaf.id(), sha256(recorded.certificate_der));
  EXPECT_EQ(leaf.not_before(), Time(std::chrono::seconds(1795318347)));  // 2026-11-22 03:32:27
  EXPECT_EQ(leaf.not_after(), Time(std::chrono::seconds(1795318947)));
  EXPECT_FALSE(leaf.is_authority());
  EXPECT_FALSE(leaf.is_self_issued());
  EXPECT_EQ((*leaf.public_key()).algorithm(), "ECDSA P-256");
  EXPECT_THAT(*leaf.subject_alternative_names(),
              ElementsAre("https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main"));
  EXPECT_EQ(*leaf.extension("1.3.6.1.4.1.57264.1.2"), "push");
  EXPECT_EQ(*leaf.extension("1.3.6.1.4.1.57264.1.99"), std::nullopt);
}

TEST(Certificate, KnowsAuthoritiesAndSelfIssuedOnes) {
  const auto anchor = (*Certificate::parse_pem(recorded_file("mock/fulcio-root.crt"))).front();
  const auto intermediate = (*Certificate::parse_pem(recorded_file("mock/fulcio-int.crt"))).front();
  EXPECT_TRUE(anchor.is_authority());
  EXPECT_TRUE(anchor.is_self_issued());
  EXPECT_TRUE(intermediate.is_authority());
  EXPECT_FALSE(intermediate.is_self_issued());
}

TEST(Certificate, GivesItsPublicKeyAsItStandsThere) {
  for (const char* kind : {"P-256", "P-384", "P-521", "RSA-2048", "Ed25519"}) {
    const TestKey key(kind);
    const auto certificate = parsed(root().issue({.key = key}));
    EXPECT_EQ(certificate.public_key_der(), key.public_key_der()) << kind;
    EXPECT_TRUE(certificate.public_key().ok()) << kind;
  }
  EXPECT_FALSE(parsed(root().issue({.key = TestKey("secp256k1")})).public_key().ok());
  EXPECT_FALSE(parsed(root().issue({.key = TestKey("RSA-1024")})).public_key().ok());
}

TEST(Certificate, ReadsTimesOfBothKindsExactly) {
  using namespace std::chrono;
  const Time early{sys_days{1999y / 12 / 31} + hours(23) + minutes(59) + seconds(59)};
  const Time late{sys_days{9999y / 12 / 31} + hours(23) + minutes(59) + seconds(59)};  // GeneralizedTime
  const auto certificate = parsed(root().issue({.not_before = early, .not_after = late}));
  EXPECT_EQ(certificate.not_before(), early);
  EXPECT_EQ(certificate.not_after(), late);
}

TEST(Certificate, IsOneDerAndNothingBesideIt) {
  const std::string der = parsed(root()).der();
  EXPECT_TRUE(Certificate::parse_der(der).ok());
  EXPECT_FALSE(Certificate::parse_der("").ok());
  EXPECT_FALSE(Certificate::parse_der(der + '\0').ok());
  EXPECT_FALSE(Certificate::parse_der(der + der).ok());
  for (std::size_t size = 0; size < der.size(); ++size)
    ASSERT_FALSE(Certificate::parse_der(der.substr(0, size)).ok()) << size;
}

TEST(Certificate, OfAnotherVersionIsRefused) {
  EXPECT_FALSE(Certificate::parse_der(root().issue({.extensions = {}, .version = 1}).der()).ok());
  EXPECT_FALSE(Certificate::parse_der(root().issue({.version = 2}).der()).ok());
}

TEST(Certificate, WithExtensionsThatCannotBeReadIsRefused) {
  EXPECT_FALSE(
      Certificate::parse_der(root().issue({.extensions = {"2.5.29.19=critical,DER:0500"}}).der()).ok());
  EXPECT_FALSE(Certificate::parse_der(
                   root().issue({.extensions = {"keyUsage=digitalSignature", "keyUsage=keyCertSign"}}).der())
                   .ok());
}

TEST(Certificate, IsReadUpToTheLimitAndNotPastIt) {
  // Serial numbers and signatures vary by some bytes: it is made until it has the size.
  const auto of_size = [](std::size_t size) {
    std::string der;
    for (std::size_t padding = size - 330; der.size() != size; padding += size - der.size())
      der = root().issue({.extensions = {"1.2.3.4=DER:" + std::string(2 * padding, '0')}}).der();
    return der;
  };
  EXPECT_TRUE(Certificate::parse_der(of_size(limits::kCertificate)).ok());
  EXPECT_EQ(Certificate::parse_der(of_size(limits::kCertificate + 1)).error().code, ErrorCode::LimitExceeded);
}

TEST(CertificatePem, HoldsOneBlockOrMoreInTheirOrder) {
  const auto chain = *Certificate::parse_pem(recorded_file("mock/tsa-chain.pem"));
  ASSERT_EQ(chain.size(), 3U);
  EXPECT_FALSE(chain.front().is_authority());
  EXPECT_TRUE(chain.back().is_self_issued());
  EXPECT_TRUE(Certificate::parse_pem("\n  " + root().pem() + "\r\n\n" + root().pem() + "\t").ok());
}

TEST(CertificatePem, WithAnythingElseIsRefused) {
  const std::string pem = root().pem();
  for (const std::string& bad :
       {std::string(), std::string(" \n"), "x" + pem, pem + "x", pem + "x\n" + pem,
        pem + TestKey().public_key_pem(), pem.substr(0, pem.size() - 3), pem.substr(pem.find('\n')),
        std::string("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")})
    EXPECT_FALSE(Certificate::parse_pem(bad).ok()) << bad;
}

TEST(CertificatePem, IsReadUpToTheLimitAndNotPastIt) {
  std::string chain;
  for (std::size_t i = 0; i < limits::kCertificateChain; ++i) chain += root().pem();
  EXPECT_EQ((*Certificate::parse_pem(chain)).size(), limits::kCertificateChain);
  EXPECT_EQ(Certificate::parse_pem(chain + root().pem()).error().code, ErrorCode::LimitExceeded);
}

TEST(SubjectAlternativeNames, AreReadOfEveryKindThatSigstoreKnows) {
  EXPECT_THAT(*names("URI:https://example.com/a,email:a@example.com,DNS:example.com"),
              ElementsAre("https://example.com/a", "a@example.com", "example.com"));
  EXPECT_THAT(*names("IP:192.0.2.1,IP:2001:db8::1"), ElementsAre("192.0.2.1", "2001:db8::1"));
  EXPECT_THAT(*names("otherName:1.3.6.1.4.1.57264.1.7;UTF8:svc!example.com"), ElementsAre("svc!example.com"));
  EXPECT_THAT(*names("critical,email:a@example.com"), ElementsAre("a@example.com"));
  EXPECT_THAT(*with_extensions({"keyUsage=digitalSignature"}).subject_alternative_names(), IsEmpty());
}

TEST(SubjectAlternativeNames, OfOtherKindsAreRefused) {
  EXPECT_FALSE(names("RID:1.2.3.4").ok());
  EXPECT_FALSE(names("otherName:1.2.3.4;UTF8:svc!example.com").ok());
  EXPECT_FALSE(names("otherName:1.3.6.1.4.1.57264.1.7;IA5:svc!example.com").ok());
  EXPECT_FALSE(names("email:a@example.com,RID:1.2.3.4").ok());
  EXPECT_FALSE(names("DER:30048702c000").ok()) << "an IP address of two bytes";
}

TEST(SubjectAlternativeNames, ThatAreNoPlainTextAreRefused) {
  EXPECT_THAT(*names("DER:30058203612e62"), ElementsAre("a.b"));
  EXPECT_FALSE(names("DER:30058203610062").ok()) << "NUL";
  EXPECT_FALSE(names("DER:30058203610a62").ok()) << "newline";
  EXPECT_FALSE(names("DER:30058203617f62").ok()) << "DEL";
  EXPECT_FALSE(names("DER:3006820461c3a462").ok()) << "a letter that is not in IA5String";
  EXPECT_FALSE(names("DER:30028200").ok()) << "empty";
}

TEST(SubjectAlternativeNames, AreReadUpToTheLimitAndNotPastIt) {
  std::string most = "DNS:a.example";
  for (std::size_t i = 1; i < limits::kAlternativeNames; ++i) most += ",DNS:a.example";
  EXPECT_EQ((*names(most)).size(), limits::kAlternativeNames);
  EXPECT_EQ(names(most + ",DNS:a.example").error().code, ErrorCode::LimitExceeded);
}

TEST(CertificateExtension, ThatStandsThereTwiceIsMalformed) {
  const auto twice = with_extensions({"1.2.3.4=DER:0c0161", "1.2.3.4=DER:0c0161"});
  EXPECT_EQ(twice.extension("1.2.3.4").error().code, ErrorCode::Malformed);
  EXPECT_EQ(*twice.extension("1.2.3.5"), std::nullopt);
  EXPECT_FALSE(twice.extension("no oid").ok());
}

TEST(PlainText, IsUtf8WithoutControlCharacters) {
  for (const char* good : {"", "a", "a b", "ä€😀", "user!domain"}) EXPECT_TRUE(is_plain_text(good)) << good;
  using namespace std::string_view_literals;
  for (const auto bad : {"\0"sv, "a\nb"sv, "\x1b"sv, "\x7f"sv, "\xc2\x85"sv, "\xff"sv, "\xc0\x80"sv, "\xc3"sv,
                         "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xf8\x88\x80\x80\x80"sv})
    EXPECT_FALSE(is_plain_text(bad)) << ::testing::PrintToString(bad);
}

TEST(Utf8String, IsExactlyItsDer) {
  using namespace std::string_view_literals;
  EXPECT_EQ(read_utf8_string("\x0c\x02hi"sv), "hi");
  EXPECT_EQ(read_utf8_string("\x0c\x00"sv), "");
  const std::string longer(200, 'a');
  EXPECT_EQ(read_utf8_string("\x0c\x81\xc8" + longer), longer);
  for (const auto bad : {""sv, "hi"sv, "\x0c"sv, "\x0c\x03hi"sv, "\x0c\x01hi"sv, "\x16\x02hi"sv,
                         "\x0c\x81\x02hi"sv, "\x2c\x04\x0c\x02hi"sv, "\x0c\x80hi\0\0"sv, "\x0c\x01\0"sv})
    EXPECT_EQ(read_utf8_string(bad), std::nullopt) << ::testing::PrintToString(bad);
}

}  // namespace
}  // namespace tegata::verifier
