// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_timestamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "tests/support/test_pki.h"

namespace tegata::verifier {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::authority_extensions;
using testing::CertificateWish;
using ::testing::HasSubstr;
using testing::kTestNow;
using ::testing::Not;
using testing::recorded_file;
using testing::recorded_signing;
using ::testing::StartsWith;
using testing::TestCertificateHolder;
using testing::TestKey;
using testing::timestamp_response;
using testing::timestamp_signer;
using testing::TimestampWish;

Certificate parsed(const TestCertificateHolder& holder) { return *Certificate::parse_der(holder.der()); }

TimestampAuthority recorded_authority(const std::string& name = "tsa") {
  return *TimestampAuthority::of(*Certificate::parse_pem(recorded_file("mock/" + name + "-chain.pem")));
}

TimestampAuthority authority(const std::vector<TestCertificateHolder>& chain) {
  std::vector<Certificate> certificates;
  for (const auto& one : chain) certificates.push_back(parsed(one));
  return *TimestampAuthority::of(std::move(certificates));
}

const TestCertificateHolder& root() {
  static const auto one = TestCertificateHolder::root("test tsa root");
  return one;
}
const TestCertificateHolder& signer() {
  static const auto one = root().issue(timestamp_signer());
  return one;
}

/// The time in milliseconds after kTestNow, or why there is none.
std::string answer(const TimestampAuthority& authority, const std::string& response,
                   const std::string& message = "signature") {
  const auto time = authority.verify(response, message);
  return time.ok() ? "at " + std::to_string((*time - kTestNow).count()) : time.error().message;
}

std::string pinned_answer(const TimestampWish& wish) {
  return answer(authority({signer(), root()}), timestamp_response(signer(), wish));
}

std::string response_by(const CertificateWish& wish) {
  return timestamp_response(root().issue(wish), {.message = "signature"});
}

TEST(SignedTimestamp, OfARecordedSignatureSaysWhen) {
  for (const char* name :
       {"legacy-keyless-tsa", "bundle-keyless-gh-rekor2-refapi", "bundle-keyless-email-rekor2"}) {
    const auto recorded = recorded_signing(name);
    const auto time = recorded_authority().verify(recorded.timestamps.at(0), recorded.signature);
    ASSERT_TRUE(time.ok()) << name << ": " << time.error().message;
    const auto leaf = *Certificate::parse_der(recorded.certificate_der);
    EXPECT_LE(leaf.not_before(), *time) << name;
    EXPECT_LE(*time, leaf.not_after()) << name;
  }
  const auto recorded = recorded_signing("legacy-keyless-tsa");
  EXPECT_EQ(*recorded_authority().verify(recorded.timestamps.at(0), recorded.signature),
            Time(seconds(1795318347)));  // 20261122033227Z
}

TEST(SignedTimestamp, OfAnotherSignatureIsRefused) {
  const auto recorded = recorded_signing("neg-tsa-of-other");
  EXPECT_THAT(answer(recorded_authority(), recorded.timestamps.at(0), recorded.signature),
              HasSubstr("of other data"));
}

TEST(SignedTimestamp, OfAnAuthorityWithTheSameNamesIsRefused) {
  const auto recorded = recorded_signing("neg-tsa-untrusted");
  EXPECT_FALSE(recorded_authority().verify(recorded.timestamps.at(0), recorded.signature).ok());
  EXPECT_TRUE(recorded_authority("eviltsa").verify(recorded.timestamps.at(0), recorded.signature).ok());
}

TEST(SignedTimestamp, IsExactToTheMillisecond) {
  for (const int after : {0, 1, 120, 999, 1000})
    EXPECT_EQ(pinned_answer({.message = "signature", .time = kTestNow + milliseconds(after)}),
              "at " + std::to_string(after));
}

TEST(SignedTimestamp, TakesTheHashesOfSha2Alone) {
  for (const char* hash : {"SHA256", "SHA384", "SHA512"}) {
    EXPECT_EQ(pinned_answer({.message = "signature", .imprint = hash}), "at 0") << hash;
    EXPECT_EQ(pinned_answer({.message = "signature", .digest = hash}), "at 0") << hash;
  }
  for (const char* hash : {"SHA1", "SHA224"}) {
    EXPECT_THAT(pinned_answer({.message = "signature", .imprint = hash}), HasSubstr("other data")) << hash;
    EXPECT_THAT(pinned_answer({.message = "signature", .digest = hash}), HasSubstr("not SHA-256")) << hash;
  }
}

TEST(SignedTimestamp, MustBeGranted) {
  EXPECT_EQ(pinned_answer({.message = "signature", .status = 1}), "at 0") << "grantedWithMods";
  for (const int status : {-1, 2, 3, 4, 5, 256})
    EXPECT_THAT(pinned_answer({.message = "signature", .status = status}), Not(StartsWith("at "))) << status;
  EXPECT_THAT(pinned_answer({.message = "signature", .version = 2}), HasSubstr("another version than 1"));
}

TEST(SignedTimestamp, WithACriticalExtensionIsRefused) {
  EXPECT_THAT(pinned_answer({.message = "signature", .critical_extension = true}),
              HasSubstr("with a critical extension"));
}

TEST(SignedTimestamp, MustNameItsSignersCertificate) {
  EXPECT_THAT(pinned_answer({.message = "signature", .with_signer_id = false}),
              HasSubstr("whose signature is invalid"));
}

TEST(SignedTimestamp, HasOneSigner) {
  EXPECT_THAT(pinned_answer({.message = "signature", .more_signers = {root().issue(timestamp_signer())}}),
              HasSubstr("one signer"));
}

TEST(SignedTimestamp, NeedsNoCertificatesWhereTheLeafIsPinned) {
  const auto bare = timestamp_response(signer(), {.message = "signature", .with_certificates = false});
  EXPECT_EQ(answer(authority({signer(), root()}), bare), "at 0");
  EXPECT_THAT(answer(authority({root()}), bare), HasSubstr("signer is not known"));
}

TEST(SignedTimestamp, OfAnyLeafIsTakenWhereNoneIsPinned) {
  const auto response = timestamp_response(signer(), {.message = "signature"});
  EXPECT_EQ(answer(authority({root()}), response), "at 0");
  EXPECT_THAT(answer(authority({TestCertificateHolder::root()}), response), HasSubstr("not trusted"));
}

// The pinned leaf is the only signer, even beside a sister of the same authority.
TEST(SignedTimestamp, OfASisterOfThePinnedLeafIsRefused) {
  const auto sister = root().issue(timestamp_signer("sister"));
  EXPECT_THAT(answer(authority({signer(), root()}), timestamp_response(sister, {.message = "signature"})),
              HasSubstr("another signer"));
  EXPECT_THAT(answer(authority({signer(), root()}),
                     timestamp_response(sister, {.message = "signature", .more_certificates = {signer()}})),
              HasSubstr("another signer"));
}

// CVE-2026-39984: constraints were asked of a certificate in the bag, and another one had signed.
TEST(SignedTimestamp, IsJudgedByItsSignerAndNotByTheBag) {
  const auto other = root().issue({.common_name = "code"});
  const auto response = timestamp_response(other, {.message = "signature", .more_certificates = {signer()}});
  EXPECT_THAT(answer(authority({root()}), response), HasSubstr("not timeStamping"));
  const auto stranger = TestCertificateHolder::root("stranger").issue(timestamp_signer());
  EXPECT_THAT(answer(authority({root()}),
                     timestamp_response(stranger, {.message = "signature", .more_certificates = {signer()}})),
              HasSubstr("not trusted"));
}

TEST(SignedTimestamp, SignerMayDoNothingElse) {
  const auto extended = [](const std::string& usages) {
    return response_by({.common_name = "tsa",
                        .extensions = {"keyUsage=critical,digitalSignature", "extendedKeyUsage=" + usages}});
  };
  const auto trusted = authority({root()});
  EXPECT_EQ(answer(trusted, extended("critical,timeStamping")), "at 0");
  EXPECT_THAT(answer(trusted, extended("timeStamping")), HasSubstr("alone"));
  EXPECT_THAT(answer(trusted, extended("critical,timeStamping,codeSigning")), HasSubstr("alone"));
  EXPECT_THAT(answer(trusted, extended("critical,anyExtendedKeyUsage")), HasSubstr("not timeStamping"));
  EXPECT_THAT(answer(trusted, response_by({.common_name = "tsa",
                                           .extensions = {"basicConstraints=critical,CA:TRUE",
                                                          "keyUsage=critical,digitalSignature,keyCertSign",
                                                          "extendedKeyUsage=critical,timeStamping"}})),
              HasSubstr("is a certificate authority"));
}

TEST(SignedTimestamp, TakesIntermediatesFromTheBagAndBelievesNoneOfThem) {
  const auto middle = root().issue_authority("middle");
  const auto leaf = middle.issue(timestamp_signer());
  const TimestampWish wish{.message = "signature", .more_certificates = {middle}};
  EXPECT_EQ(answer(authority({root()}), timestamp_response(leaf, wish)), "at 0");
  EXPECT_EQ(answer(authority({middle, root()}), timestamp_response(leaf, {.message = "signature"})), "at 0");
  EXPECT_THAT(answer(authority({root()}), timestamp_response(leaf, {.message = "signature"})),
              HasSubstr("not trusted"));
  const auto own = TestCertificateHolder::root("own");
  EXPECT_THAT(
      answer(authority({root()}), timestamp_response(own.issue(timestamp_signer()),
                                                     {.message = "signature", .more_certificates = {own}})),
      HasSubstr("not trusted"));
}

TEST(SignedTimestamp, IsGoodOnlyWhileItsWholeChainWasValid) {
  auto wish = timestamp_signer();
  wish.not_before = kTestNow;
  wish.not_after = kTestNow + seconds(600);
  const auto leaf = root().issue(wish);
  const auto middle = root().issue({.common_name = "middle",
                                    .not_before = kTestNow,
                                    .not_after = kTestNow + seconds(600),
                                    .extensions = authority_extensions()});
  const auto below = middle.issue(timestamp_signer());
  for (const auto& [trusted, by] :
       {std::pair{authority({leaf, root()}), leaf}, std::pair{authority({below, middle, root()}), below},
        std::pair{authority({middle}), below}}) {
    const auto at = [&, &trust = trusted, &one = by](milliseconds after) {
      return answer(trust, timestamp_response(one, {.message = "signature", .time = kTestNow + after}));
    };
    EXPECT_THAT(at(milliseconds(-1)), HasSubstr("not trusted"));
    EXPECT_EQ(at(milliseconds(0)), "at 0");
    EXPECT_EQ(at(seconds(600)), "at 600000");
    EXPECT_THAT(at(seconds(600) + milliseconds(1)), HasSubstr("not trusted"));
    EXPECT_THAT(at(days(30)), HasSubstr("not trusted"));
  }
}

TEST(TimestampAuthority, IsALeafAndItsAuthoritiesOrTheseAlone) {
  EXPECT_EQ(TimestampAuthority::of({}).error().code, ErrorCode::Malformed);
  EXPECT_FALSE(TimestampAuthority::of({parsed(signer())}).ok()) << "a leaf without an anchor";
  EXPECT_FALSE(TimestampAuthority::of({parsed(signer()), parsed(signer()), parsed(root())}).ok());
  EXPECT_TRUE(TimestampAuthority::of({parsed(root())}).ok());
}

TEST(SignedTimestamp, IsOneResponseAndNothingBesideIt) {
  const auto response = timestamp_response(signer(), {.message = "signature"});
  EXPECT_EQ(answer(authority({root()}), response), "at 0");
  EXPECT_FALSE(authority({root()}).verify("", "signature").ok());
  EXPECT_FALSE(authority({root()}).verify(response + '\0', "signature").ok());
  for (std::size_t size = 0; size < response.size(); ++size)
    ASSERT_FALSE(authority({root()}).verify(response.substr(0, size), "signature").ok()) << size;
}

TEST(SignedTimestamp, IsReadUpToTheLimitAndNotPastIt) {
  EXPECT_EQ(authority({root()}).verify(std::string(limits::kTimestampResponse, 'x'), "").error().code,
            ErrorCode::Malformed);
  EXPECT_EQ(authority({root()}).verify(std::string(limits::kTimestampResponse + 1, 'x'), "").error().code,
            ErrorCode::LimitExceeded);
}

// Nothing signs the status, the algorithms' NULLs and the bag of a response; a flip there says the same time
// by the same signer, or nothing. Every other byte has a say.
TEST(SignedTimestamp, WithAnyByteFlippedNeverSaysAnotherTime) {
  const auto recorded = recorded_signing("legacy-keyless-tsa");
  const std::string& response = recorded.timestamps.at(0);
  const auto trusted = recorded_authority();
  const Time time = *trusted.verify(response, recorded.signature);
  const std::size_t bag = response.find(std::string("\xa0\x82\x01\xe0", 4));
  ASSERT_NE(bag, std::string::npos);
  constexpr std::size_t kStatus = 8;
  std::vector<std::size_t> without_a_say;
  for (std::size_t i = 0; i < response.size(); ++i) {
    std::string bytes = response;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 5));
    const auto answered = trusted.verify(bytes, recorded.signature);
    if (!answered.ok()) continue;
    EXPECT_EQ(*answered, time) << "byte " << i;
    if (i != kStatus && (i < bag || i >= bag + 4 + 0x1e0)) without_a_say.push_back(i);
  }
  EXPECT_THAT(without_a_say, ::testing::IsEmpty());
}

TEST(SignedTimestamp, OfASignatureWithAnyByteFlippedIsRefused) {
  const auto recorded = recorded_signing("legacy-keyless-tsa");
  for (std::size_t i = 0; i < recorded.signature.size(); ++i) {
    std::string bytes = recorded.signature;
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    ASSERT_FALSE(recorded_authority().verify(recorded.timestamps.at(0), bytes).ok()) << i;
  }
}

}  // namespace
}  // namespace tegata::verifier
