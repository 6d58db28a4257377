// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/certified_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_signing.h"
#include "tests/support/test_pki.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::authority_extensions;
using testing::CertificateWish;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kTestNow;
using ::testing::Pair;
using testing::recorded_file;
using testing::recorded_signing;
using testing::TestCertificateHolder;
using testing::TestKey;

constexpr auto kLogged = Demand::Required;
constexpr auto kUnlogged = Demand::NotRequired;
const ValidFor kAlways{Time{}, std::nullopt};

Certificate parsed(const TestCertificateHolder& holder) { return *Certificate::parse_der(holder.der()); }

LogKey log_of(const std::string& public_key_der, ValidFor valid = kAlways) {
  const auto key = *PublicKey::parse_der(public_key_der);
  const auto& bytes = key.id().bytes();
  return {key, std::string(bytes.begin(), bytes.end()), "", valid};
}

TrustedCertificateAuthority trusted(std::vector<Certificate> chain, ValidFor valid = {}) {
  return {*CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::CodeSigning), valid};
}

TrustedRoot root_of(std::vector<TrustedCertificateAuthority> authorities, std::vector<LogKey> logs = {}) {
  return {{}, std::move(logs), std::move(authorities), {}, sha256("a test's root")};
}

/// The mock Fulcio, with its certificate transparency log.
TrustedRoot mock(const std::string& fulcio = "fulcio", const std::string& log = "ctfe", ValidFor valid = {}) {
  const auto key = *PublicKey::parse_pem(recorded_file("mock/" + log + ".pub"));
  const auto& id = key.id().bytes();
  return root_of({trusted(*Certificate::parse_pem(recorded_file("mock/" + fulcio + "-chain.pem")), valid)},
                 {{key, std::string(id.begin(), id.end()), "", kAlways}});
}

/// "issuer subject", or the reason's name.
std::string said(const OrRejection<CertificateIdentity>& answer) {
  if (const auto* rejection = std::get_if<Rejection>(&answer)) return std::string(name_of(rejection->reason));
  const auto& identity = std::get<CertificateIdentity>(answer);
  return identity.issuer + " " + identity.subject;
}

std::string said(const Certificate& leaf, const TrustedRoot& root, Demand demand,
                 const std::vector<Time>& times = {kTestNow},
                 const std::vector<Certificate>& intermediates = {}) {
  return said(certified_identity(leaf, intermediates, times, root, demand));
}

std::string said_of_recorded(const std::string& name, const TrustedRoot& root = mock(),
                             Demand demand = kLogged) {
  const auto leaf = *Certificate::parse_der(recorded_signing(name).certificate_der);
  return said(leaf, root, demand, {leaf.not_before()});
}

const TestCertificateHolder& anchor() {
  static const auto one = TestCertificateHolder::root();
  return one;
}
const TestKey& ct_log() {
  static const TestKey key;
  return key;
}
/// `anchor` with one log.
TrustedRoot own(ValidFor authority_valid = {}, ValidFor log_valid = kAlways) {
  return root_of({trusted({parsed(anchor())}, authority_valid)},
                 {log_of(ct_log().public_key_der(), log_valid)});
}
constexpr const char* kSubject = " https://example.com/signer";  // and no issuer

TEST(CertifiedIdentity, IsReadOfRecordedLeaves) {
  EXPECT_EQ(said_of_recorded("legacy-keyless-gh"),
            "https://token.actions.githubusercontent.com "
            "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main");
  for (const char* name :
       {"bundle-keyless-email-rekor2", "bundle-keyless-gh-rekor2-refapi", "bundle-keyless-uri-rekor2",
        "bundle-keyless-other-rekor2-refapi", "san-not-critical", "issuer-v1-only", "b-issuer-v2-only"})
    EXPECT_THAT(said_of_recorded(name), ::testing::ContainsRegex("^https://[^ ]+ .+")) << name;
}

TEST(CertifiedIdentity, OfRecordedForgeriesIsNone) {
  EXPECT_EQ(said_of_recorded("neg-sct-bad-tbs"), "CertificateTimestampInvalid");
  EXPECT_EQ(said_of_recorded("neg-b-sct-bad-tbs"), "CertificateTimestampInvalid");
  EXPECT_EQ(said_of_recorded("neg-sct-unknown-log"), "CertificateTimestampMissing");
  EXPECT_EQ(said_of_recorded("neg-b-sct-unknown-log"), "CertificateTimestampMissing");
  EXPECT_EQ(said_of_recorded("neg-sct-missing"), "CertificateTimestampMissing");
  EXPECT_NE(said_of_recorded("neg-sct-missing", mock(), kUnlogged), "CertificateTimestampMissing");
  EXPECT_EQ(said_of_recorded("neg-issuer-conflict"), "CertificateMalformed");
  EXPECT_EQ(said_of_recorded("neg-b-issuer-conflict"), "CertificateMalformed");
  EXPECT_EQ(said_of_recorded("legacy-keyless-gh", mock("evilfulcio")), "CertificateUntrusted");
  EXPECT_EQ(said_of_recorded("legacy-keyless-gh", mock("fulcio", "evilctfe")), "CertificateTimestampMissing");
}

TEST(CertifiedIdentity, OfAnOwnAuthorityNeedsNoLog) {
  const auto file = [](const std::string& name) {
    return (*Certificate::parse_pem(recorded_file("keys/byo-" + name + ".crt"))).front();
  };
  const auto root = root_of({trusted({file("root")})});
  const std::vector intermediates{file("int")};
  const std::vector times{file("leaf-fulcioext").not_before()};
  EXPECT_EQ(said(file("leaf"), root, kUnlogged, times, intermediates), " signer@corp.example");
  EXPECT_EQ(said(file("leaf"), root, kLogged, times, intermediates), "CertificateTimestampMissing");
  EXPECT_EQ(said(file("leaf"), root, kUnlogged, times), "CertificateUntrusted") << "without its intermediate";
  EXPECT_THAT(said(file("leaf-fulcioext"), root, kUnlogged, times, intermediates),
              ::testing::StartsWith("https://"));
  // Without an extended key usage a certificate is not for signing code.
  EXPECT_EQ(said(file("leaf-noeku"), root, kUnlogged, times, intermediates), "CertificateUntrusted");
}

TEST(CertifiedIdentity, NeedsATime) {
  EXPECT_EQ(said(parsed(anchor().issue({})), own(), kUnlogged, {}), "SigningTimeUnknown");
}

TEST(CertifiedIdentity, NeedsAnAuthority) {
  EXPECT_EQ(said(parsed(anchor().issue({})), root_of({}), kUnlogged), "CertificateUntrusted");
}

TEST(CertifiedIdentity, HoldsAtEveryTimeOrNotAtAll) {
  const auto leaf = parsed(anchor().issue({.not_before = kTestNow, .not_after = kTestNow + seconds(600)}));
  const auto at = [&](const std::vector<milliseconds>& after) {
    std::vector<Time> times;
    for (const auto one : after) times.push_back(kTestNow + one);
    return said(leaf, own(), kUnlogged, times);
  };
  EXPECT_EQ(at({seconds(0), seconds(300), seconds(600)}), kSubject);
  for (const milliseconds outside : {milliseconds(-1), milliseconds(600'001)}) {
    EXPECT_EQ(at({outside}), "CertificateNotValid");
    EXPECT_EQ(at({seconds(0), outside}), "CertificateNotValid");
    EXPECT_EQ(at({outside, seconds(0)}), "CertificateNotValid");
  }
}

// CVE-2026-24122
TEST(CertifiedIdentity, OfAnIssuerThatHadExpiredIsNone) {
  const auto middle = anchor().issue(
      {.common_name = "middle", .not_after = kTestNow - days(1), .extensions = authority_extensions()});
  const auto root = root_of({trusted({parsed(middle), parsed(anchor())})});
  EXPECT_EQ(said(parsed(middle.issue({})), root, kUnlogged, {kTestNow - days(2)}), kSubject);
  EXPECT_EQ(said(parsed(middle.issue({})), root, kUnlogged), "CertificateNotValid");
}

TEST(CertifiedIdentity, IsOfAnAuthorityThatTheRootTrustsThen) {
  const auto leaf = parsed(anchor().issue({}));
  const ValidFor window{kTestNow, kTestNow + seconds(60)};
  const auto at = [&](milliseconds after) { return said(leaf, own(window), kUnlogged, {kTestNow + after}); };
  EXPECT_EQ(at(milliseconds(-1)), "CertificateNotValid");
  EXPECT_EQ(at(seconds(0)), kSubject);
  EXPECT_EQ(at(seconds(60)), kSubject);
  EXPECT_EQ(at(milliseconds(60'001)), "CertificateNotValid");
  // Another entry for the same authority may hold on; each time finds its own.
  const auto both = root_of({trusted({parsed(anchor())}, window),
                             trusted({parsed(anchor())}, {kTestNow + seconds(61), std::nullopt})});
  EXPECT_EQ(said(leaf, both, kUnlogged, {kTestNow, kTestNow + days(1)}), kSubject);
  EXPECT_EQ(said(leaf, both, kUnlogged, {kTestNow, kTestNow + milliseconds(60'500)}), "CertificateNotValid");
}

TEST(CertifiedIdentity, TriesEveryAuthority) {
  const auto root =
      root_of({trusted({parsed(TestCertificateHolder::root())}),  // with the same name
               trusted({parsed(TestCertificateHolder::root("other"))}), trusted({parsed(anchor())})});
  EXPECT_EQ(said(parsed(anchor().issue({})), root, kUnlogged), kSubject);
}

TEST(CertificateTimestampDemand, NeedsALogThatTheRootTrustsThen) {
  const auto leaf = parsed(anchor().issue_logged({}, {ct_log()}));
  const auto within = [&](ValidFor valid) { return said(leaf, own({}, valid), kLogged); };
  EXPECT_EQ(within({kTestNow, kTestNow}), kSubject);
  EXPECT_EQ(within({kTestNow, std::nullopt}), kSubject);
  EXPECT_EQ(within({kTestNow + milliseconds(1), std::nullopt}), "CertificateTimestampMissing");
  EXPECT_EQ(within({Time{}, kTestNow - milliseconds(1)}), "CertificateTimestampMissing");
  EXPECT_EQ(within({std::nullopt, std::nullopt}), "CertificateTimestampMissing") << "a log without a start";
  EXPECT_EQ(said(leaf, root_of({trusted({parsed(anchor())})}), kLogged), "CertificateTimestampMissing");
}

TEST(CertificateTimestampDemand, IsMetByOneLogOfSeveral) {
  const auto leaf = parsed(anchor().issue_logged({}, {TestKey(), ct_log()}));
  EXPECT_EQ(said(leaf, own(), kLogged), kSubject);
  EXPECT_EQ(said(parsed(anchor().issue_logged({}, {TestKey()})), own(), kLogged),
            "CertificateTimestampMissing");
}

TEST(CertificateTimestampDemand, IsNotMetByALogThatNamesAnothersKeyId) {
  auto root = own();
  root.certificate_timestamp_logs.front().key = *PublicKey::parse_der(TestKey().public_key_der());
  EXPECT_EQ(said(parsed(anchor().issue_logged({}, {ct_log()})), root, kLogged),
            "CertificateTimestampInvalid");
}

// The precertificate names the key of the certificate that issued the leaf in the path that was found.
TEST(CertificateTimestampDemand, IsAboutTheIssuerOfThePath) {
  const auto middle = anchor().issue_authority("middle");
  const auto leaf = parsed(middle.issue_logged({}, {ct_log()}));
  EXPECT_EQ(said(leaf, own(), kLogged, {kTestNow}, {parsed(middle)}), kSubject);
}

TEST(CertificateTimestampDemand, RefusesAListThatCannotBeRead) {
  CertificateWish wish;
  wish.extensions.push_back("1.3.6.1.4.1.11129.2.4.2=DER:0400");
  EXPECT_EQ(said(parsed(anchor().issue(wish)), own(), kLogged), "CertificateMalformed");
  EXPECT_EQ(said(parsed(anchor().issue(wish)), own(), kUnlogged), kSubject);
}

OrRejection<CertificateIdentity> identity(std::vector<std::string> extensions) {
  return identity_of(parsed(anchor().issue({.extensions = std::move(extensions)})));
}
std::string fulcio(int number, const std::string& value) {
  return "1.3.6.1.4.1.57264.1." + std::to_string(number) + "=" + value;
}

TEST(IdentityOf, ReadsTheIssuerOfBothGenerations) {
  EXPECT_EQ(said(identity({"subjectAltName=email:a@b.c", fulcio(1, "DER:68693a61")})), "hi:a a@b.c");
  EXPECT_EQ(said(identity({"subjectAltName=email:a@b.c", fulcio(8, "ASN1:UTF8String:hi")})), "hi a@b.c");
  EXPECT_EQ(said(identity({fulcio(1, "DER:6869"), fulcio(8, "ASN1:UTF8String:hi")})), "hi ");
  EXPECT_EQ(said(identity({"subjectAltName=email:a@b.c"})), " a@b.c");
}

TEST(IdentityOf, RefusesIssuersThatDifferOrAreNoText) {
  EXPECT_EQ(said(identity({fulcio(1, "DER:6869"), fulcio(8, "ASN1:UTF8String:ho")})), "CertificateMalformed");
  EXPECT_EQ(said(identity({fulcio(1, "DER:686900")})), "CertificateMalformed");
  EXPECT_EQ(said(identity({fulcio(8, "ASN1:IA5String:hi")})), "CertificateMalformed");
  EXPECT_EQ(said(identity({fulcio(8, "DER:6869")})), "CertificateMalformed") << "raw where DER must be";
  EXPECT_EQ(said(identity({fulcio(8, "DER:0c01686900")})), "CertificateMalformed") << "more than its length";
  EXPECT_EQ(said(identity({fulcio(8, "DER:0c0168"), fulcio(8, "DER:0c0168")})), "CertificateMalformed")
      << "twice";
}

TEST(IdentityOf, TakesOneSubjectAlternativeNameOrNone) {
  EXPECT_EQ(said(identity({"keyUsage=digitalSignature"})), " ");
  EXPECT_EQ(said(identity({"subjectAltName=email:a@b.c,email:d@e.f"})), "CertificateMalformed");
  EXPECT_EQ(said(identity({"subjectAltName=URI:https://a,email:d@e.f"})), "CertificateMalformed");
  EXPECT_EQ(said(identity({"subjectAltName=RID:1.2.3"})), "CertificateMalformed");
  EXPECT_EQ(said(identity({"subjectAltName=otherName:1.3.6.1.4.1.57264.1.7;UTF8:svc!example.com"})),
            " svc!example.com");
}

TEST(IdentityOf, NamesFulciosOtherExtensions) {
  const auto extensions_of = [](std::vector<std::string> extensions) {
    return std::get<CertificateIdentity>(identity(std::move(extensions))).extensions;
  };
  EXPECT_THAT(extensions_of(
                  {fulcio(2, "DER:70757368"), fulcio(12, "ASN1:UTF8String:https://x"), fulcio(99, "DER:00")}),
              ElementsAre(Pair("githubWorkflowTrigger", "push"), Pair("sourceRepositoryURI", "https://x")));
  EXPECT_THAT(extensions_of({"keyUsage=digitalSignature"}), IsEmpty());
  EXPECT_EQ(said(identity({fulcio(12, "DER:70757368")})), "CertificateMalformed");
  EXPECT_EQ(said(identity({fulcio(2, "DER:70ff")})), "CertificateMalformed");

  std::vector<std::string> raw_and_der;
  for (const int number : {2, 3, 4, 5, 6})
    raw_and_der.push_back(fulcio(number, "DER:6" + std::to_string(number)));
  for (int number = 9; number <= 24; ++number)
    raw_and_der.push_back(fulcio(number, "ASN1:UTF8String:" + std::to_string(number)));
  EXPECT_THAT(
      extensions_of(raw_and_der),
      ElementsAre(Pair("buildConfigDigest", "19"), Pair("buildConfigURI", "18"),
                  Pair("buildSignerDigest", "10"), Pair("buildSignerURI", "9"), Pair("buildTrigger", "20"),
                  Pair("deploymentEnvironment", "23"), Pair("githubWorkflowName", "d"),
                  Pair("githubWorkflowRef", "f"), Pair("githubWorkflowRepository", "e"),
                  Pair("githubWorkflowSHA", "c"), Pair("githubWorkflowTrigger", "b"),
                  Pair("runInvocationURI", "21"), Pair("runnerEnvironment", "11"),
                  Pair("sourceRepositoryDigest", "13"), Pair("sourceRepositoryIdentifier", "15"),
                  Pair("sourceRepositoryOwnerIdentifier", "17"), Pair("sourceRepositoryOwnerURI", "16"),
                  Pair("sourceRepositoryRef", "14"), Pair("sourceRepositoryURI", "12"),
                  Pair("sourceRepositoryVisibilityAtSigning", "22"), Pair("tokenSubject", "24")));
}

TEST(CertifiedIdentity, OfALeafWithAnyByteFlippedIsNone) {
  const std::string der = anchor().issue_logged({}, {ct_log()}).der();
  const auto root = own();
  ASSERT_EQ(said(*Certificate::parse_der(der), root, kLogged), kSubject);
  for (std::size_t i = 0; i < der.size(); ++i) {
    std::string bytes = der;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
    const auto leaf = Certificate::parse_der(bytes);
    if (!leaf.ok()) continue;
    const std::vector times{kTestNow};
    ASSERT_EQ(certified_identity(*leaf, {}, times, root, kLogged).index(), 1U) << "byte " << i;
  }
}

}  // namespace
}  // namespace tegata::verifier
