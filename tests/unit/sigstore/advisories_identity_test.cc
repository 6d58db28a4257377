// SPDX-License-Identifier: Apache-2.0
// What went wrong in other verifiers (their published advisories), as far as certificates, logs,
// timestamps and attestations are concerned: each through the whole verifier.
//
// Held elsewhere:
//   CVE-2024-45395 (endless entries, timestamps, subjects, digests): Limits' tests in
//   verifier_limits_test.cc;
//     Advisory.MoreEntriesThanASignatureMayHaveAreNotLookedAt.
//   CVE-2023-46737, CVE-2024-29902, CVE-2024-29903, CVE-2023-33957, CVE-2023-33958, CVE-2023-42813 to 42816
//     (a registry that never ends): Discovery.LooksAt1000LayersAndNoMore, CallsAListThatIsTooLongTooMany,
//     NeverAsksForABlobAboveItsBound, NeverAsksForABundleAboveItsBound, LeavesWhatIsAboveTheByteBudget.
//   CVE-2026-49834 (a threshold counted per entry): Advisory.TwoEntriesOfOneLogAreOneLog.
//   CVE-2026-39984 (whose certificate signed): SignedTimestamp.IsJudgedByItsSignerAndNotByTheBag.
//   CVE-2022-47633, CVE-2023-47630, CVE-2023-33959 (another image under a name):
//     RegistryAnswers.BytesOfAnotherDigestAreRefused,
//     RegistryAnswers.ARegistryThatLiesAboutDigestsIsFoundOut.
//   CVE-2023-30551, CVE-2023-33199, CVE-2026-23831, CVE-2026-48702 (malformed entries): fuzz_log_entry;
//     FlippedByte.OfAnEntryIsNeverLogged.
//   CVE-2025-29778 (regular expressions of subject and issuer that nobody applied):
//     IdentityCriteria.IssuerAndSubjectMustBothHold, WithoutADemandOnBothTheyAcceptNobody; "no issuer" and
//     "no subject" of PolicyReader.RefusesEveryOtherAtItsPlaceInItsWords.
//   CVE-2024-23332 (an old image with a good signature) is no matter of signatures: of what they say, where a
//   policy asks for a maximal age (`notBefore: now-168h` in `where`, tests/unit/rules).
#include <gtest/gtest.h>

#include "tests/support/virtual_bytes.h"
#include "tests/unit/sigstore/virtual_verdict.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

constexpr const char* kSlsa = "https://slsa.dev/provenance/v1";
constexpr const char* kVuln = "https://cosign.sigstore.dev/attestation/vuln/v1";
constexpr const char* kEntry = "dev.sigstore.cosign/bundle";
constexpr const char* kCertificate = "dev.sigstore.cosign/certificate";

Asked attested(const char* type = kSlsa) {
  Asked asked;
  asked.predicate_type = type;
  return asked;
}

class IdentityAdvisory : public ::testing::Test {
 protected:
  VirtualSigning sign(const SigningRequest& request = {}) { return world_.sign(signed_image(), request); }

  /// What the same request comes to as signature and as attestation, in every form.
  void expect_all(const SigningRequest& request, const std::string& expected) {
    const auto signing = sign(request);
    const auto attestation = signing.attestation(kSlsa);
    EXPECT_EQ(logged_(bundle_candidate(signing.bundle_json())), expected);
    EXPECT_EQ(logged_(signature_candidate(signing.simple_signing())), expected);
    EXPECT_EQ(attested_(bundle_candidate(attestation.bundle_json())), expected);
    EXPECT_EQ(attested_(attestation_candidate(attestation.layer())), expected);
  }

  VirtualSigstore world_;
  const json document_ = world_.trusted_root();
  const VirtualVerdict logged_{read_root(document_), {}};
  const VirtualVerdict attested_{read_root(document_), attested()};
};

// CVE-2022-23649 (cosign), CVE-2026-22703 (cosign: with a trusted root only the SET was checked),
// CVE-2024-51746 (gitsign: found in the log by its key): a good entry of another signature was taken.
TEST_F(IdentityAdvisory, AGoodLogEntryOfAnotherSignatureProvesNothing) {
  expect_all({}, "verified");
  for (const auto about : {EntryAbout::OtherSignature, EntryAbout::OtherMessage, EntryAbout::OtherSigner})
    expect_all({.breaks = {.entry_about = about}}, "LogEntryOfOther");
  auto layer = sign().simple_signing();
  layer.annotations[kEntry] = sign().simple_signing().annotations.at(kEntry);
  EXPECT_EQ(logged_(signature_candidate(layer)), "LogEntryOfOther");
}

// CVE-2024-51746: what is not there is not searched for.
TEST_F(IdentityAdvisory, ASignatureThatBringsNoEntryIsNotLookedUp) {
  expect_all({.rekor = Rekor::None, .timestamp = true}, "LogEntryMissing");
}

// CVE-2022-36056 (cosign verify-blob): with a bundle, whom the certificate names was not asked.
TEST_F(IdentityAdvisory, AnIdentityIsComparedWhateverProvesTheSignature) {
  expect_all({.identity = "https://github.com/eve/app/.github/workflows/release.yml@refs/heads/main"},
             "IdentityMismatch");
  expect_all({.issuer = "https://evil.example"}, "IdentityMismatch");
  // A name that the right one begins, ends or is part of.
  const std::string right = SigningRequest{}.identity;
  for (const std::string& near :
       {right + "x", "x" + right, right.substr(1), right.substr(0, right.size() - 1)})
    expect_all({.identity = near}, "IdentityMismatch");
}

// CVE-2022-36056: a broken bundle, or one that could not be read, was success.
TEST_F(IdentityAdvisory, AnEntryThatCannotBeReadIsNoReasonToGoOnWithoutIt) {
  auto layer = sign({.timestamp = true}).simple_signing();
  for (const char* text : {"{}", "null", "[]", "x", R"({"SignedEntryTimestamp":"","Payload":null})"}) {
    layer.annotations[kEntry] = text;
    EXPECT_EQ(logged_(signature_candidate(layer)), "LogEntryMalformed") << text;
  }
}

// CVE-2022-35929, CVE-2022-35930: `--type T` was content with an attestation of any type. The annotation
// that names a type is nobody's word.
TEST_F(IdentityAdvisory, AnAttestationOfAnotherTypeIsNotTheOneAskedFor) {
  const auto vulnerabilities = sign().attestation(kVuln);
  SignedLayer layer = vulnerabilities.layer();
  layer.annotations["predicateType"] = kSlsa;
  EXPECT_EQ(attested_(attestation_candidate(layer)), "none");
  EXPECT_EQ(attested_(bundle_candidate(vulnerabilities.bundle_json())), "none");
  EXPECT_EQ(VirtualVerdict(read_root(document_), attested(kVuln))(attestation_candidate(layer)), "verified");
}

// CVE-2022-35929's other side, and cosign 3.1.1 as it is: an attestation signs no image, and an image's
// signature attests nothing.
TEST_F(IdentityAdvisory, AnAttestationIsNoSignatureAndASignatureNoAttestation) {
  EXPECT_EQ(logged_(bundle_candidate(sign().attestation(kSlsa).bundle_json())), "none");
  EXPECT_EQ(logged_(attestation_candidate(sign().attestation(kSlsa).layer())), "none");
  EXPECT_EQ(attested_(bundle_candidate(sign().bundle_json())), "none");
  EXPECT_EQ(attested_(signature_candidate(sign().simple_signing())), "none");
  const auto in_att = sign().attestation("https://sigstore.dev/cosign/sign/v1").layer();
  EXPECT_EQ(logged_(attestation_candidate(in_att)), "none");
}

// CVE-2026-39395 (cosign verify-blob-attestation): a payload that cannot be read was good.
TEST_F(IdentityAdvisory, AnAttestationThatCannotBeReadIsNotVerifiedThoughItsSignatureIsGood) {
  for (const char* payload : {"", "null", "{}", "[]", "x", R"({"predicateType":7})"}) {
    const auto envelope = sign().envelope(payload);
    EXPECT_EQ(attested_(bundle_candidate(envelope.bundle_json())), "PayloadMalformed") << payload;
    EXPECT_EQ(attested_(attestation_candidate(envelope.layer())), "PayloadMalformed") << payload;
  }
}

// CVE-2026-24122 (cosign): an issuing authority that had expired by then was accepted.
TEST_F(IdentityAdvisory, AnIssuerThatHadExpiredWhenItWasSignedIsNotBelieved) {
  VirtualSigstore world({.intermediate_until = kSigningTime - std::chrono::seconds(1)});
  const VirtualVerdict verdict(read_root(world.trusted_root()), {});
  const auto signing = world.sign(signed_image());
  EXPECT_EQ(verdict(bundle_candidate(signing.bundle_json())), "CertificateNotValid");
  EXPECT_EQ(verdict(signature_candidate(signing.simple_signing())), "CertificateNotValid");
}

// CVE-2026-54787 (sigstore-go): when a key was in use was not compared with when it signed. A log of
// Rekor v2 signs no time; the timestamp says when.
TEST_F(IdentityAdvisory, AKeyThatWasNoLongerInUseWhenItWasSignedIsNotBelieved) {
  json root = document_;
  root["tlogs"][1]["publicKey"]["validFor"]["end"] = rfc3339(kSigningTime - std::chrono::seconds(1));
  const auto bundle = sign({.rekor = Rekor::V2, .timestamp = true}).bundle_json();
  EXPECT_EQ(VirtualVerdict(read_root(root), {})(bundle_candidate(bundle)), "LogEntryUntrusted");
  EXPECT_EQ(logged_(bundle_candidate(bundle)), "verified");
}

// gitsign #810: the first certificate of a bag was taken for the signer's.
TEST_F(IdentityAdvisory, ACertificateThatDidNotSignLendsNobodyItsIdentity) {
  const auto right = sign();
  const auto eve = sign({.identity = "https://github.com/eve/app"});
  auto layer = eve.simple_signing();
  const std::string hers = layer.annotations.at(kCertificate);
  layer.annotations[kCertificate] = pem_block("CERTIFICATE", right.leaf().der);
  EXPECT_EQ(logged_(signature_candidate(layer)), "SignatureNotByCertificate");
  layer.annotations[kCertificate] += hers;
  EXPECT_EQ(logged_(signature_candidate(layer)), "CertificateMalformed");
  json bundle = eve.bundle(BundleVersion::V01);
  auto& chain = bundle["verificationMaterial"]["x509CertificateChain"]["certificates"];
  chain.insert(chain.begin(), json::object({{"rawBytes", base64(right.leaf().der)}}));
  EXPECT_EQ(logged_(bundle_candidate(bundle.dump())), "SignatureNotByCertificate");
}

// CVE-2026-44310 (gitsign): an empty list of certificates was a panic, and the exit code 0.
TEST_F(IdentityAdvisory, EmptyListsOfCertificatesAreNoSignerAndNoRoot) {
  json bundle = sign().bundle(BundleVersion::V01);
  bundle["verificationMaterial"]["x509CertificateChain"]["certificates"] = json::array();
  EXPECT_EQ(logged_(bundle_candidate(bundle.dump())), "BundleMalformed");
  auto layer = sign().simple_signing();
  layer.annotations[kCertificate] = "";
  EXPECT_EQ(logged_(signature_candidate(layer)), "CertificateAbsent");
  json root = document_;
  root["certificateAuthorities"] = json::array();
  EXPECT_EQ(VirtualVerdict(read_root(root), {})(bundle_candidate(sign().bundle_json())),
            "CertificateUntrusted");
  root["certificateAuthorities"] = document_["certificateAuthorities"];
  root["certificateAuthorities"][0]["certChain"]["certificates"] = json::array();
  EXPECT_THROW((void)read_root(root), std::runtime_error);
}

// CVE-2023-47122 (gitsign): the log's key came from the log.
TEST_F(IdentityAdvisory, KeysOfLogsComeFromTheRootAlone) {
  expect_all({.breaks = {.log = {.by = By::Stranger}}}, "LogEntryMissing");
  expect_all({.breaks = {.log = {.by = By::Impostor}}}, "LogEntryUntrusted");
}

// kyverno#17125: SCTs of attestations were not asked for.
TEST_F(IdentityAdvisory, CertificateTimestampsAreAskedOfAttestationsToo) {
  expect_all({.sct = false}, "CertificateTimestampMissing");
  expect_all({.breaks = {.sct_by = By::Impostor}}, "CertificateTimestampInvalid");
}

// kyverno#2739: the signature of an attestation was not checked at all.
TEST_F(IdentityAdvisory, AnAttestationThatSomebodyElseSignedIsNotVerified) {
  const auto right = sign();
  auto layer = sign().attestation(kSlsa).layer();
  layer.annotations[kCertificate] = pem_block("CERTIFICATE", right.leaf().der);
  EXPECT_EQ(attested_(attestation_candidate(layer)), "SignatureNotByCertificate");
  json bundle = sign().attestation(kSlsa).bundle();
  bundle["verificationMaterial"]["certificate"]["rawBytes"] = base64(right.leaf().der);
  EXPECT_EQ(attested_(bundle_candidate(bundle.dump())), "SignatureNotByCertificate");
}

// CVE-2025-66564, CVE-2025-66506 (splitting a stranger's text into huge arrays), CVE-2023-25656 (parsing a
// stranger's names): names are compared and never taken apart.
TEST_F(IdentityAdvisory, HugeNamesAreOnlyCompared) {
  for (const char* one : {".", "/", "=#", "!", "@", ","}) {
    std::string name;
    while (name.size() < 20'000) name += one;
    expect_all({.identity = name}, "IdentityMismatch");
    expect_all({.identity = name, .identity_kind = NameKind::Other}, "IdentityMismatch");
    expect_all({.issuer = name}, "IdentityMismatch");
  }
}

}  // namespace
}  // namespace tegata::testing
