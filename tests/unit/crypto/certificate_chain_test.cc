// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "tests/support/test_pki.h"

namespace tegata::verifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Purpose = CertificateAuthority::Purpose;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::authority_extensions;
using testing::CertificateWish;
using testing::kTestNow;
using testing::recorded_file;
using testing::TestCertificateHolder;
using testing::TestKey;

Certificate parsed(const TestCertificateHolder& holder) { return *Certificate::parse_der(holder.der()); }

CertificateAuthority authority(const std::vector<TestCertificateHolder>& chain,
                               Purpose purpose = Purpose::CodeSigning) {
  std::vector<Certificate> certificates;
  for (const auto& one : chain) certificates.push_back(parsed(one));
  return *CertificateAuthority::of(std::move(certificates), purpose);
}

/// "a path of 3", or why there is none.
std::string answer(const CertificateAuthority& authority, const TestCertificateHolder& leaf,
                   const std::vector<TestCertificateHolder>& shipped = {}, Time time = kTestNow) {
  std::vector<Certificate> untrusted;
  for (const auto& one : shipped) untrusted.push_back(parsed(one));
  const auto path = authority.path(parsed(leaf), untrusted, time);
  if (const auto* refusal = std::get_if<PathRefusal>(&path))
    return (refusal->why == PathRefusal::Why::Untrusted ? "untrusted: " : "not then: ") + refusal->detail;
  return "a path of " + std::to_string(std::get<0>(path).size());
}

const TestCertificateHolder& root() {
  static const auto one = TestCertificateHolder::root();
  return one;
}

std::string leaf_answer(const CertificateWish& wish, Purpose purpose = Purpose::CodeSigning) {
  return answer(authority({root()}, purpose), root().issue(wish));
}

std::string issuer_answer(std::vector<std::string> extensions) {
  const auto intermediate = root().issue({.common_name = "middle", .extensions = std::move(extensions)});
  return answer(authority({root()}), intermediate.issue({}), {intermediate});
}

TEST(CertificatePath, RunsFromTheLeafOverIntermediatesToTheAnchor) {
  const auto middle = root().issue_authority("middle");
  const auto leaf = middle.issue({});
  const auto path = authority({middle, root()}).path(parsed(leaf), {}, kTestNow);
  std::vector<std::string> found;
  for (const Certificate& one : std::get<0>(path)) found.push_back(one.der());
  EXPECT_THAT(found, ElementsAre(leaf.der(), middle.der(), root().der()));
}

TEST(CertificatePath, OfRecordedLeavesLeadsToTheirOwnRootAlone) {
  const auto leaf = *Certificate::parse_der(testing::recorded_signing("legacy-keyless-tsa").certificate_der);
  const auto to = [&](const std::string& file) {
    auto chain = *Certificate::parse_pem(recorded_file(file));
    const auto authority = *CertificateAuthority::of(std::move(chain), Purpose::CodeSigning);
    return authority.path(leaf, {}, leaf.not_before());
  };
  EXPECT_EQ(to("mock/fulcio-chain.pem").index(), 0U);
  // The same names on every certificate, and other keys.
  EXPECT_EQ(std::get<1>(to("mock/evilfulcio-chain.pem")).why, PathRefusal::Why::Untrusted);
}

TEST(CertificatePath, OfAnOwnAuthorityNeedsItsShippedIntermediate) {
  const auto certificate = [](const std::string& name) {
    return (*Certificate::parse_pem(recorded_file("keys/byo-" + name + ".crt"))).front();
  };
  const auto own = *CertificateAuthority::of({certificate("root")}, Purpose::CodeSigning);
  const auto leaf = certificate("leaf");
  const std::vector shipped{certificate("int")};
  EXPECT_EQ(own.path(leaf, shipped, leaf.not_before()).index(), 0U);
  EXPECT_EQ(own.path(leaf, {}, leaf.not_before()).index(), 1U);
  const auto no_eku = certificate("leaf-noeku");
  EXPECT_THAT(std::get<1>(own.path(no_eku, shipped, no_eku.not_before())).detail,
              HasSubstr("extended key usage is not codeSigning"));
}

TEST(CertificatePath, TakesAnAnchorThatIsNotSelfSigned) {
  const auto middle = root().issue_authority("middle");
  EXPECT_EQ(answer(authority({middle}), middle.issue({})), "a path of 2");
  // What is named before the anchor helps, and is no anchor.
  const auto other = TestCertificateHolder::root("other root");
  EXPECT_THAT(answer(authority({middle, other}), middle.issue({})), HasSubstr("untrusted"));
}

TEST(CertificatePath, NeverEndsInWhatTheSignerShipped) {
  const auto own = TestCertificateHolder::root("own root");
  EXPECT_THAT(answer(authority({root()}), own.issue({}), {own}), HasSubstr("untrusted"));
  const auto same_name = TestCertificateHolder::root();
  EXPECT_THAT(answer(authority({root()}), same_name.issue({}), {same_name}), HasSubstr("untrusted"));
}

TEST(CertificatePath, EndsWhereAuthoritiesSignEachOtherInACircle) {
  const auto a = TestCertificateHolder::root("a");
  const auto b = TestCertificateHolder::root("b");
  const auto a_by_b = b.issue({.common_name = "a", .key = a.key(), .extensions = authority_extensions()});
  const auto b_by_a = a.issue({.common_name = "b", .key = b.key(), .extensions = authority_extensions()});
  EXPECT_THAT(answer(authority({root()}), a.issue({}), {a_by_b, b_by_a}), HasSubstr("untrusted"));
  EXPECT_EQ(answer(authority({a_by_b, b_by_a, a}), a.issue({})), "a path of 2");
}

TEST(CertificatePath, PrefersOfTwoIntermediatesTheOneThatIsValid) {
  const CertificateWish wish{.common_name = "middle", .extensions = authority_extensions()};
  auto before = wish;  // with the same key
  before.not_after = kTestNow - days(1);
  const auto middle = root().issue(wish);
  EXPECT_EQ(answer(authority({root().issue(before), middle, root()}), middle.issue({})), "a path of 3");
}

TEST(CertificatePath, IsNoLongerThanTheLimit) {
  std::vector<TestCertificateHolder> chain{root()};
  while (chain.size() < limits::kCertificateChain + 1)
    chain.insert(chain.begin(), chain.front().issue_authority("a" + std::to_string(chain.size())));
  const auto leaf = chain.front().issue({});
  EXPECT_EQ(answer(authority({root()}), leaf, {chain.begin(), chain.end() - 1}),
            "a path of " + std::to_string(limits::kCertificateChain + 2));
  chain.insert(chain.begin(), chain.front().issue_authority("one more"));
  EXPECT_THAT(answer(authority({root()}), chain.front().issue({}), {chain.begin(), chain.end() - 1}),
              HasSubstr("untrusted"));
}

// Validity is closed at both ends (RFC 5280, 4.1.2.5), and exact to the millisecond.
TEST(CertificateValidity, HoldsFromTheFirstSecondThroughTheLast) {
  const CertificateWish wish{.not_before = kTestNow, .not_after = kTestNow + seconds(600)};
  const auto leaf = root().issue(wish);
  const auto at = [&](Time time) { return answer(authority({root()}), leaf, {}, time); };
  EXPECT_THAT(at(kTestNow - days(1)),
              HasSubstr("not then: certificate without a common name: certificate is not yet valid"));
  EXPECT_THAT(at(kTestNow - milliseconds(1)), HasSubstr("not then"));
  EXPECT_EQ(at(kTestNow), "a path of 2");
  EXPECT_EQ(at(kTestNow + seconds(300)), "a path of 2");
  EXPECT_EQ(at(kTestNow + seconds(600)), "a path of 2");
  EXPECT_THAT(at(kTestNow + seconds(600) + milliseconds(1)), HasSubstr("not then"));
  EXPECT_THAT(at(kTestNow + seconds(601)),
              HasSubstr("not then: certificate without a common name: certificate has expired"));
}

// CVE-2026-24122: the leaf was valid, what issued it was not any more.
TEST(CertificateValidity, IsAskedOfIssuersAndAnchorToo) {
  CertificateWish short_lived{.common_name = "middle",
                              .not_before = kTestNow,
                              .not_after = kTestNow + seconds(600),
                              .extensions = authority_extensions()};
  const auto middle = root().issue(short_lived);
  const auto anchor = TestCertificateHolder::self_signed(short_lived);
  for (const auto& [authority, leaf] :
       {std::pair{authority({middle, root()}), middle.issue({})},
        std::pair{authority({anchor}), anchor.issue({})}, std::pair{authority({middle}), middle.issue({})}}) {
    EXPECT_THAT(answer(authority, leaf, {}, kTestNow - seconds(1)), HasSubstr("not then"));
    EXPECT_THAT(answer(authority, leaf, {}, kTestNow), HasSubstr("a path"));
    EXPECT_THAT(answer(authority, leaf, {}, kTestNow + seconds(600)), HasSubstr("a path"));
    EXPECT_THAT(answer(authority, leaf, {}, kTestNow + seconds(601)), HasSubstr("not then"));
  }
}

TEST(CertificateValidity, OfWhatIsUntrustedAnywayIsNotTheReason) {
  const auto other = TestCertificateHolder::root("other");
  EXPECT_THAT(answer(authority({root()}), other.issue({}), {}, kTestNow + days(4000)),
              HasSubstr("untrusted"));
}

TEST(LeafRules, WantDigitalSignature) {
  EXPECT_EQ(leaf_answer({}), "a path of 2");
  EXPECT_THAT(
      leaf_answer({.extensions = {"keyUsage=critical,keyEncipherment", "extendedKeyUsage=codeSigning"}}),
      HasSubstr("keyUsage is not digitalSignature"));
  EXPECT_THAT(leaf_answer({.extensions = {"extendedKeyUsage=codeSigning"}}), HasSubstr("keyUsage is not"));
}

TEST(LeafRules, WantTheVeryPurpose) {
  const auto of = [](const std::string& usages, Purpose purpose = Purpose::CodeSigning) {
    return leaf_answer({.extensions = {"keyUsage=digitalSignature", "extendedKeyUsage=" + usages}}, purpose);
  };
  EXPECT_EQ(of("clientAuth,codeSigning"), "a path of 2");
  EXPECT_THAT(of("clientAuth"), HasSubstr("not codeSigning"));
  EXPECT_THAT(of("anyExtendedKeyUsage"), HasSubstr("not codeSigning"));
  EXPECT_THAT(of("timeStamping"), HasSubstr("not codeSigning"));
  EXPECT_THAT(leaf_answer({.extensions = {"keyUsage=digitalSignature"}}), HasSubstr("not codeSigning"));
  EXPECT_EQ(of("critical,timeStamping", Purpose::TimeStamping), "a path of 2");
  EXPECT_THAT(of("timeStamping", Purpose::TimeStamping), HasSubstr("critical and timeStamping alone"));
  EXPECT_THAT(of("critical,timeStamping,codeSigning", Purpose::TimeStamping), HasSubstr("alone"));
  EXPECT_THAT(of("critical,codeSigning", Purpose::TimeStamping), HasSubstr("not timeStamping"));
}

TEST(LeafRules, RefuseAnAuthorityAndTheAnchorItself) {
  EXPECT_THAT(
      leaf_answer({.extensions = {"basicConstraints=critical,CA:TRUE",
                                  "keyUsage=digitalSignature,keyCertSign", "extendedKeyUsage=codeSigning"}}),
      HasSubstr("the leaf is a certificate authority"));
  EXPECT_THAT(answer(authority({root()}), root()), HasSubstr("its own anchor"));
}

TEST(LeafRules, TakeASubjectAlternativeNameThatIsCriticalOrNot) {
  EXPECT_EQ(leaf_answer({.extensions = {"keyUsage=critical,digitalSignature", "extendedKeyUsage=codeSigning",
                                        "subjectAltName=URI:https://example.com"}}),
            "a path of 2");
}

TEST(PathRules, RefuseCriticalExtensionsThatNobodyKnows) {
  const auto with = [](const std::string& extension) {
    return leaf_answer(
        {.extensions = {"keyUsage=digitalSignature", "extendedKeyUsage=codeSigning", extension}});
  };
  EXPECT_EQ(with("1.2.3.4=DER:0500"), "a path of 2");
  EXPECT_THAT(with("1.2.3.4=critical,DER:0500"), HasSubstr("untrusted"));
  EXPECT_THAT(with("1.3.6.1.4.1.11129.2.4.3=critical,DER:0500"), HasSubstr("untrusted"))
      << "a precertificate";
  EXPECT_THAT(with("policyConstraints=critical,requireExplicitPolicy:0"), HasSubstr("critical extension"));
  auto extensions = authority_extensions();
  extensions.push_back("1.2.3.4=critical,DER:0500");
  EXPECT_THAT(issuer_answer(extensions), HasSubstr("untrusted"));
}

TEST(IssuerRules, WantAnAuthorityThatMaySign) {
  EXPECT_EQ(issuer_answer(authority_extensions()), "a path of 3");
  EXPECT_EQ(issuer_answer({"basicConstraints=critical,CA:TRUE"}), "a path of 3");
  EXPECT_THAT(issuer_answer({"basicConstraints=critical,CA:FALSE", "keyUsage=keyCertSign"}),
              HasSubstr("untrusted"));
  EXPECT_THAT(issuer_answer({"keyUsage=keyCertSign"}), HasSubstr("untrusted"));
  EXPECT_THAT(issuer_answer({"subjectKeyIdentifier=hash"}), HasSubstr("untrusted"));
  EXPECT_THAT(issuer_answer({"basicConstraints=critical,CA:TRUE", "keyUsage=cRLSign"}),
              HasSubstr("untrusted"));
}

TEST(IssuerRules, WantThePurposeWhereAnIssuerNamesAny) {
  const auto with = [](const std::string& usages) {
    auto extensions = authority_extensions();
    extensions.push_back("extendedKeyUsage=" + usages);
    return issuer_answer(extensions);
  };
  EXPECT_EQ(with("codeSigning"), "a path of 3");
  EXPECT_EQ(with("anyExtendedKeyUsage"), "a path of 3");
  EXPECT_THAT(with("timeStamping"), HasSubstr("does not include its leaf's"));
}

TEST(IssuerRules, HoldPathLengths) {
  const auto middle = [](int length) {
    return root().issue({.common_name = "middle", .extensions = authority_extensions(length)});
  };
  EXPECT_EQ(answer(authority({middle(0), root()}), middle(0).issue({})).substr(0, 9), "untrusted")
      << "another key";
  const auto none_below = middle(0);
  EXPECT_EQ(answer(authority({none_below, root()}), none_below.issue({})), "a path of 3");
  const auto below = none_below.issue_authority("below");
  EXPECT_THAT(answer(authority({below, none_below, root()}), below.issue({})), HasSubstr("path length"));
  const auto one_below = middle(1);
  const auto allowed = one_below.issue_authority("allowed");
  EXPECT_EQ(answer(authority({allowed, one_below, root()}), allowed.issue({})), "a path of 4");
}

TEST(IssuerRules, HoldNameConstraints) {
  auto extensions = authority_extensions();
  extensions.push_back("nameConstraints=critical,permitted;URI:.example.com,permitted;email:example.com");
  const auto middle = root().issue({.common_name = "middle", .extensions = extensions});
  const auto named = [&](const std::string& name) {
    return answer(authority({middle, root()}),
                  middle.issue({.extensions = {"keyUsage=digitalSignature", "extendedKeyUsage=codeSigning",
                                               "subjectAltName=" + name}}));
  };
  EXPECT_EQ(named("URI:https://ci.example.com/job"), "a path of 3");
  EXPECT_EQ(named("email:a@example.com"), "a path of 3");
  EXPECT_THAT(named("URI:https://example.org/job"), HasSubstr("subtree"));
  EXPECT_THAT(named("email:a@example.org"), HasSubstr("subtree"));
}

TEST(SignatureRules, WantSha256OrBetterAndKeysOfEnoughBits) {
  for (const char* hash : {"SHA256", "SHA384", "SHA512"})
    EXPECT_EQ(leaf_answer({.hash = hash}), "a path of 2");
  EXPECT_THAT(leaf_answer({.hash = "SHA1"}), HasSubstr("untrusted"));
  EXPECT_THAT(leaf_answer({.hash = "SHA224"}), HasSubstr("not SHA-256 or better"));
  const auto weak = TestCertificateHolder::self_signed(
      {.common_name = "weak", .key = TestKey("RSA-1024"), .extensions = authority_extensions()});
  EXPECT_THAT(answer(authority({weak}), weak.issue({})), HasSubstr("untrusted"));
  for (const char* kind : {"RSA-2048", "P-384", "Ed25519"}) {
    const auto anchor = TestCertificateHolder::self_signed(
        {.common_name = "strong", .key = TestKey(kind), .extensions = authority_extensions()});
    EXPECT_EQ(answer(authority({anchor}), anchor.issue({})), "a path of 2") << kind;
  }
}

TEST(SignatureRules, DoNotLookAtTheAnchorsOwn) {
  const auto anchor = TestCertificateHolder::self_signed(
      {.common_name = "old", .extensions = authority_extensions(), .hash = "SHA1"});
  EXPECT_EQ(answer(authority({anchor}), anchor.issue({})), "a path of 2");
}

TEST(CertificateAuthority, IsMadeOfAuthoritiesAlone) {
  EXPECT_EQ(CertificateAuthority::of({}, Purpose::CodeSigning).error().code, ErrorCode::Malformed);
  EXPECT_FALSE(CertificateAuthority::of({parsed(root().issue({}))}, Purpose::CodeSigning).ok());
  EXPECT_FALSE(
      CertificateAuthority::of({parsed(root().issue({})), parsed(root())}, Purpose::CodeSigning).ok());
}

TEST(CertificatePath, OfALeafWithAnyByteFlippedIsNeverFound) {
  const auto recorded = testing::recorded_signing("legacy-keyless-tsa").certificate_der;
  const auto fulcio = *CertificateAuthority::of(
      *Certificate::parse_pem(recorded_file("mock/fulcio-chain.pem")), Purpose::CodeSigning);
  const Time time = (*Certificate::parse_der(recorded)).not_before();
  ASSERT_EQ(fulcio.path(*Certificate::parse_der(recorded), {}, time).index(), 0U);
  int read = 0;
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    std::string bytes = recorded;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    const auto leaf = Certificate::parse_der(bytes);
    if (!leaf.ok()) continue;
    ++read;
    ASSERT_EQ(fulcio.path(*leaf, {}, time).index(), 1U) << "byte " << i;
  }
  EXPECT_GT(read, 500) << "else nobody asked for the signature";
}

TEST(CertificatePath, OverAnIntermediateWithAnyByteFlippedIsNeverFound) {
  const auto middle = root().issue_authority("middle");
  const auto leaf = parsed(middle.issue({}));
  const auto trusted = authority({root()});
  ASSERT_EQ(trusted.path(leaf, std::vector{parsed(middle)}, kTestNow).index(), 0U);
  for (std::size_t i = 0; i < middle.der().size(); ++i) {
    std::string bytes = middle.der();
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    const auto flipped = Certificate::parse_der(bytes);
    if (!flipped.ok()) continue;
    ASSERT_EQ(trusted.path(leaf, std::vector{*flipped}, kTestNow).index(), 1U) << "byte " << i;
  }
}

}  // namespace
}  // namespace tegata::verifier
