// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_certificate_timestamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "tests/support/test_pki.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

using ::testing::IsEmpty;
using testing::kTestNow;
using testing::recorded_file;
using testing::recorded_signing;
using ::testing::SizeIs;
using testing::TestCertificateHolder;
using testing::TestKey;

using Timestamps = std::vector<SignedCertificateTimestamp>;

Certificate parsed(const TestCertificateHolder& holder) { return *Certificate::parse_der(holder.der()); }

const TestCertificateHolder& root() {
  static const auto one = TestCertificateHolder::root();
  return one;
}

Certificate fulcio() { return (*Certificate::parse_pem(recorded_file("mock/fulcio-int.crt"))).front(); }
PublicKey ct_log(const std::string& name = "ctfe") {
  return *PublicKey::parse_pem(recorded_file("mock/" + name + ".pub"));
}

std::string raw(const Digest& digest) { return {digest.bytes().begin(), digest.bytes().end()}; }

Timestamps recorded(const std::string& case_name, const Certificate& issuer = fulcio()) {
  return *embedded_timestamps(*Certificate::parse_der(recorded_signing(case_name).certificate_der), issuer);
}

bool good(const SignedCertificateTimestamp& sct, const PublicKey& log) {
  return log.check(sct.signed_data, sct.signature) == SignatureCheck::Good;
}

/// The SCTs of a leaf whose extension holds these bytes.
Result<Timestamps> of_extension(const std::string& der) {
  const auto leaf = root().issue(
      {.extensions = {"keyUsage=digitalSignature", "1.3.6.1.4.1.11129.2.4.2=DER:" + encode_hex(der)}});
  return embedded_timestamps(parsed(leaf), parsed(root()));
}

std::string with_length(const std::string& bytes) {
  return std::string{static_cast<char>(bytes.size() >> 8), static_cast<char>(bytes.size() & 0xff)} + bytes;
}

std::string octets(const std::string& bytes) { return "\x04\x82" + with_length(bytes); }

/// A SerializedSCT that can be read, of `version`, with hash and signature algorithm.
std::string sct(char version = 0, char hash = 4, char algorithm = 3) {
  return std::string(1, version) + std::string(32, 'L') + std::string(8, '\0') + std::string(2, '\0') + hash +
         algorithm + with_length("sig");
}

Result<Timestamps> of_list(const std::vector<std::string>& scts) {
  std::string list;
  for (const std::string& one : scts) list += with_length(one);
  const std::string whole = with_length(list);
  return of_extension(whole.size() < 0x80 ? '\4' + std::string(1, static_cast<char>(whole.size())) + whole
                      : whole.size() < 0x100
                          ? "\x04\x81" + std::string(1, static_cast<char>(whole.size())) + whole
                          : octets(whole));
}

TEST(CertificateTimestamp, OfARecordedLeafIsItsLogs) {
  for (const char* name : {"legacy-keyless-tsa", "legacy-keyless-gh", "bundle-keyless-email-rekor2",
                           "bundle-keyless-gh-rekor2-refapi", "san-not-critical"}) {
    const auto scts = recorded(name);
    ASSERT_THAT(scts, SizeIs(1)) << name;
    EXPECT_EQ(scts[0].log_id, raw(ct_log().id())) << name;
    EXPECT_TRUE(good(scts[0], ct_log())) << name;
    EXPECT_FALSE(good(scts[0], ct_log("evilctfe"))) << name;
  }
  EXPECT_EQ(recorded("legacy-keyless-tsa")[0].timestamp, Time(std::chrono::milliseconds(1795318347555)));
}

TEST(CertificateTimestamp, BindsTheCertificateThatIssuedTheLeaf) {
  const auto evil = (*Certificate::parse_pem(recorded_file("mock/evilfulcio-int.crt"))).front();
  EXPECT_FALSE(good(recorded("legacy-keyless-tsa", evil).at(0), ct_log()));
}

TEST(CertificateTimestamp, OverAnotherTbsIsNotItsLogs) {
  for (const char* name : {"neg-sct-bad-tbs", "neg-b-sct-bad-tbs"})
    EXPECT_FALSE(good(recorded(name).at(0), ct_log())) << name;
}

TEST(CertificateTimestamp, OfAnUnknownLogNamesThatLog) {
  for (const char* name : {"neg-sct-unknown-log", "neg-b-sct-unknown-log"}) {
    EXPECT_EQ(recorded(name).at(0).log_id, raw(ct_log("evilctfe").id())) << name;
    EXPECT_FALSE(good(recorded(name).at(0), ct_log())) << name;
  }
}

TEST(CertificateTimestamp, IsAbsentWhereTheExtensionIs) {
  EXPECT_THAT(recorded("neg-sct-missing"), IsEmpty());
  EXPECT_THAT(*embedded_timestamps(parsed(root().issue({})), parsed(root())), IsEmpty());
}

TEST(CertificateTimestamp, OfEveryLogOfOneLeafIsGood) {
  const std::vector<TestKey> logs{TestKey(), TestKey("RSA-2048"), TestKey("P-384")};
  const auto at = kTestNow + std::chrono::milliseconds(123);
  const auto scts = *embedded_timestamps(parsed(root().issue_logged({}, logs, at)), parsed(root()));
  ASSERT_THAT(scts, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(good(scts[i], *PublicKey::parse_der(logs[i].public_key_der()))) << i;
    EXPECT_EQ(scts[i].timestamp, at);
  }
  EXPECT_FALSE(good(scts[0], *PublicKey::parse_der(logs[2].public_key_der())));
}

TEST(CertificateTimestamp, IsOverItsExtensionsToo) {
  std::string bytes = sct();
  bytes.replace(41, 2, with_length("static"));
  const auto scts = *of_list({bytes});
  ASSERT_THAT(scts, SizeIs(1));
  EXPECT_TRUE(scts[0].signed_data.ends_with(with_length("static")));
  EXPECT_EQ(scts[0].signature, "sig");
}

TEST(CertificateTimestamp, OfKindsThatAreNotReadIsLeftOut) {
  EXPECT_THAT(*of_list({sct()}), SizeIs(1));
  EXPECT_THAT(*of_list({sct(), sct(1), sct(0, 2), sct(0, 5), sct(0, 4, 2), sct(0, 4, 1)}), SizeIs(2));
  EXPECT_THAT(*of_list({"\x01 anything"}), IsEmpty());
}

TEST(CertificateTimestamp, ListIsReadToItsLastByte) {
  const std::string list = with_length(with_length(sct()));
  const auto whole = [](const std::string& bytes) {
    return '\4' + std::string(1, static_cast<char>(bytes.size())) + bytes;
  };
  EXPECT_TRUE(of_extension(whole(list)).ok());
  EXPECT_FALSE(of_extension(whole(list + '\0')).ok());
  EXPECT_FALSE(of_extension(whole(list) + '\0').ok());
  EXPECT_FALSE(of_extension(list).ok()) << "no OCTET STRING";
  EXPECT_FALSE(of_extension(whole(with_length(""))).ok()) << "empty list";
  EXPECT_FALSE(of_extension(whole("")).ok());
  EXPECT_FALSE(of_list({""}).ok()) << "empty SCT";
  EXPECT_FALSE(of_list({sct() + 'x'}).ok());
  for (std::size_t size = 1; size < sct().size(); ++size)
    ASSERT_FALSE(of_list({sct().substr(0, size)}).ok()) << size;
  for (std::size_t size = 0; size < list.size(); ++size)
    ASSERT_FALSE(of_extension(whole(list.substr(0, size))).ok()) << size;
}

TEST(CertificateTimestamp, PastTheYear9999IsMalformed) {
  const auto at = [](std::uint64_t milliseconds) {
    std::string bytes = sct();
    for (int i = 0; i < 8; ++i) bytes[33 + i] = static_cast<char>(milliseconds >> (8 * (7 - i)));
    return of_list({bytes});
  };
  EXPECT_EQ((*at(253'402'300'799'999)).at(0).timestamp.time_since_epoch().count(), 253'402'300'799'999);
  EXPECT_FALSE(at(253'402'300'800'000).ok());
  EXPECT_FALSE(at(~std::uint64_t{0}).ok());
}

TEST(CertificateTimestamp, ListIsReadUpToTheLimitAndNotPastIt) {
  std::vector<std::string> scts(limits::kCertificateTimestamps, sct());
  EXPECT_THAT(*of_list(scts), SizeIs(limits::kCertificateTimestamps));
  scts.push_back(sct(1));  // counts too
  EXPECT_EQ(of_list(scts).error().code, ErrorCode::Malformed);
}

TEST(CertificateTimestamp, ListThatIsTheOnlyExtensionIsMalformed) {
  const std::string list = with_length(with_length(sct()));
  const auto leaf =
      root().issue({.extensions = {"1.3.6.1.4.1.11129.2.4.2=DER:04" +
                                   encode_hex(std::string(1, static_cast<char>(list.size())) + list)}});
  EXPECT_FALSE(embedded_timestamps(parsed(leaf), parsed(root())).ok());
}

TEST(CertificateTimestamp, WithAnyByteFlippedIsNeverItsLogs) {
  const TestKey log;
  const auto issuer = parsed(root());
  const std::string der = root().issue_logged({}, {log}).der();
  const auto key = *PublicKey::parse_der(log.public_key_der());
  const auto good_ones = [&](const std::string& bytes) -> std::size_t {
    const auto leaf = Certificate::parse_der(bytes);
    if (!leaf.ok()) return 0;
    const auto scts = embedded_timestamps(*leaf, issuer);
    if (!scts.ok()) return 0;
    return static_cast<std::size_t>(std::count_if((*scts).begin(), (*scts).end(), [&](const auto& one) {
      return one.log_id == raw(key.id()) && good(one, key);
    }));
  };
  ASSERT_EQ(good_ones(der), 1U);
  // What stands behind the TBSCertificate is the issuer's signature, of which a SCT knows nothing.
  const std::size_t tbs_end =
      4 + 4 + (static_cast<unsigned char>(der[6]) << 8 | static_cast<unsigned char>(der[7]));
  ASSERT_EQ(der.substr(4, 2), "\x30\x82");
  for (std::size_t i = 0; i < tbs_end; ++i) {
    std::string bytes = der;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    ASSERT_EQ(good_ones(bytes), 0U) << "byte " << i;
  }
}

TEST(TlsReader, NeverReadsPastTheEnd) {
  TlsReader reader("\x01\x02\x03");
  EXPECT_EQ(reader.number(2), 0x0102U);
  EXPECT_EQ(reader.vector(1), std::nullopt) << "three bytes are not there";
  EXPECT_EQ(reader.bytes(0), std::nullopt) << "nothing follows what is broken";
}

}  // namespace
}  // namespace tegata::verifier
