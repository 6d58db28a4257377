// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/blob_verifier.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/virtual_bytes.h"
#include "tests/support/virtual_sigstore.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using namespace tegata::testing;

const std::string kFile = "a file that was released";

Digest digest_of_file() { return sha256(kFile); }

std::optional<std::string> other_than_requested(const std::monostate&, const CertificateIdentity& identity) {
  const SigningRequest request;
  if (identity.issuer == request.issuer && identity.subject == request.identity) return std::nullopt;
  return "somebody else";
}

class BlobVerifier : public ::testing::Test {
 protected:
  BlobVerifier()
      : root_(trust_.add(*parse_trusted_root(world_.trusted_root_json()))),
        by_identity_{AuthorityId("identity"), "identity",
                     CertificateSigner{{std::monostate{}, other_than_requested}, {}}} {
    by_identity_.proof = {root_, Demand::Required, Demand::NotRequired, Demand::Required};
  }

  Authority by_key(const VirtualKey& key, Demand log = Demand::Required) {
    auto authority = key_authority(trust_.add(*PublicKey::parse_der(key.public_key_der())), "key");
    if (log == Demand::Required) authority.proof = {root_, log};
    return authority;
  }

  std::string verdict(const nlohmann::json& bundle, const Authority& authority,
                      Speaks speaks = Speaks::AnyBundle,
                      SignedMessage artifact = SignedMessage::of_bytes(kFile)) const {
    return words(verify_blob_bundle(artifact, bundle.dump(), speaks, authority, trust_, kSigningTime));
  }
  std::string verdict(const nlohmann::json& bundle) const { return verdict(bundle, by_identity_); }

  static std::string words(const OrRejection<ProvenSigner>& outcome) {
    const auto* rejection = std::get_if<Rejection>(&outcome);
    return rejection ? std::string(name_of(rejection->reason)) : "verified";
  }

  VirtualSigstore world_;
  TrustMaterial trust_;
  TrustedRootId root_;
  Authority by_identity_;
};

TEST_F(BlobVerifier, BelievesMessageAndAttestationBundlesOfEveryVersionAndLog) {
  for (const auto version : {BundleVersion::V01, BundleVersion::V02, BundleVersion::V03})
    for (const auto rekor : {Rekor::V1, Rekor::V2}) {
      if (version == BundleVersion::V01 && rekor == Rekor::V2) continue;  // no promise, so no such bundle
      const auto signing = world_.sign(digest_of_file(), {.rekor = rekor, .timestamp = true});
      EXPECT_EQ(verdict(signing.message_bundle(kFile, version)), "verified");
      EXPECT_EQ(verdict(signing.attestation("https://example.com/any").bundle(version)), "verified");
    }
}

TEST_F(BlobVerifier, BelievesEveryKindOfManagedKeyInBothLogs) {
  for (const auto kind : {KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa2048, KeyKind::Ed25519})
    for (const auto rekor : {Rekor::V1, Rekor::V2}) {
      const VirtualKey key(kind);
      SigningRequest request{.bare_key = key, .rekor = rekor};
      if (kind == KeyKind::Ed25519) request.way = VirtualKey::Way::Ed25519ph;  // no hashedrekord is of pure
      const auto signing = world_.sign(digest_of_file(), request);
      EXPECT_EQ(verdict(signing.message_bundle(kFile), by_key(key)), "verified") << static_cast<int>(kind);
      EXPECT_EQ(verdict(signing.bundle(), by_key(key)), "verified") << static_cast<int>(kind);
      EXPECT_EQ(verdict(signing.message_bundle(kFile), by_key(VirtualKey(kind))), "OtherSigner");
    }
}

TEST_F(BlobVerifier, AsksForTheLogOfAManagedKeyOnlyWhereItIsRequired) {
  const VirtualKey key;
  const auto bundle =
      world_.sign(digest_of_file(), {.bare_key = key, .rekor = Rekor::None}).message_bundle(kFile);
  EXPECT_EQ(verdict(bundle, by_key(key)), "LogEntryMissing");
  EXPECT_EQ(verdict(bundle, by_key(key, Demand::NotRequired)), "verified");
}

TEST_F(BlobVerifier, TakesADigestForTheFileWhereTheSignatureIsOverIt) {
  const auto bytes = digest_of_file().bytes();
  const std::string raw(bytes.begin(), bytes.end());
  const auto artifact = SignedMessage::of_digest(HashAlgorithm::Sha256, raw);
  const auto signing = world_.sign(digest_of_file());
  EXPECT_EQ(verdict(signing.message_bundle(kFile), by_identity_, Speaks::AnyBundle, artifact), "verified");
  EXPECT_EQ(verdict(signing.bundle(), by_identity_, Speaks::AnyBundle, artifact), "verified");
  const auto sha384 = world_.sign(digest_of_file(), {.key = KeyKind::P384});
  EXPECT_EQ(verdict(sha384.message_bundle(kFile), by_identity_, Speaks::AnyBundle, artifact),
            "PayloadOtherImage");
}

TEST_F(BlobVerifier, RefusesWhatIsAboutAnotherFile) {
  const auto signing = world_.sign(sha256("another file"));
  EXPECT_EQ(verdict(signing.message_bundle("another file")), "PayloadOtherImage");
  EXPECT_EQ(verdict(signing.bundle()), "PayloadOtherImage");
}

TEST_F(BlobVerifier, DoesNotBelieveTheMessageDigestInThePlaceOfTheSignature) {
  auto bundle = world_.sign(sha256("another file")).message_bundle("another file");
  bundle["messageSignature"]["messageDigest"] =
      world_.sign(digest_of_file()).message_bundle(kFile)["messageSignature"]["messageDigest"];
  EXPECT_EQ(verdict(bundle), "SignatureNotByCertificate");
}

TEST_F(BlobVerifier, FindsTheFileUnderItsSha512) {
  const auto statement = [](const std::string& algorithm, const std::string& hex) {
    return nlohmann::json{{"_type", "https://in-toto.io/Statement/v1"},
                          {"subject", {{{"name", "x"}, {"digest", {{algorithm, hex}}}}}},
                          {"predicateType", "https://example.com/any"},
                          {"predicate", nlohmann::json::object()}}
        .dump();
  };
  const auto hex = [](HashAlgorithm algorithm) {
    std::string text;
    for (const unsigned char byte : hash(algorithm, kFile))
      text += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    return text;
  };
  const auto signing = world_.sign(digest_of_file());
  EXPECT_EQ(verdict(signing.envelope(statement("sha512", hex(HashAlgorithm::Sha512))).bundle()), "verified");
  EXPECT_EQ(verdict(signing.envelope(statement("sha512", hex(HashAlgorithm::Sha256))).bundle()),
            "PayloadOtherImage");
  EXPECT_EQ(verdict(signing.envelope(statement("md5", hex(HashAlgorithm::Sha512))).bundle()),
            "PayloadOtherImage");
}

TEST_F(BlobVerifier, RefusesPayloadsThatAreNoStatements) {
  const auto signing = world_.sign(digest_of_file());
  EXPECT_EQ(verdict(signing.envelope("{}").bundle()), "PayloadMalformed");
  EXPECT_EQ(verdict(signing.envelope("{}", "text/plain").bundle()), "PayloadOtherType");
}

TEST_F(BlobVerifier, TakesNoAttestationForASignatureUnlessAnythingSpeaks) {
  const auto signing = world_.sign(digest_of_file());
  auto attested = by_identity_;
  attested.attestation = PredicateDemand{"https://example.com/any"};
  const auto attestation = signing.attestation("https://example.com/any").bundle();
  EXPECT_EQ(verdict(attestation, by_identity_, Speaks::AsAskedFor), "PayloadOtherType");
  EXPECT_EQ(verdict(attestation, attested, Speaks::AsAskedFor), "verified");
  EXPECT_EQ(verdict(signing.attestation("https://example.com/other").bundle(), attested, Speaks::AsAskedFor),
            "PayloadOtherType");
  EXPECT_EQ(verdict(signing.message_bundle(kFile), attested, Speaks::AsAskedFor), "PayloadOtherType");
  EXPECT_EQ(verdict(signing.message_bundle(kFile), by_identity_, Speaks::AsAskedFor), "verified");
}

TEST_F(BlobVerifier, HoldsEveryStageAgainstFilesToo) {
  const auto broken = [&](auto breaks) {
    SigningRequest request{.timestamp = true};
    breaks(request);
    return verdict(world_.sign(digest_of_file(), request).message_bundle(kFile));
  };
  EXPECT_EQ(broken([](auto&) {}), "verified");
  EXPECT_EQ(broken([](auto& r) { r.identity = "https://evil.example"; }), "IdentityMismatch");
  EXPECT_EQ(broken([](auto& r) { r.breaks.certificate_by = By::Stranger; }), "CertificateUntrusted");
  EXPECT_EQ(broken([](auto& r) { r.sct = false; }), "CertificateTimestampMissing");
  EXPECT_EQ(broken([](auto& r) { r.rekor = Rekor::None; }), "LogEntryMissing");
  EXPECT_EQ(broken([](auto& r) { r.breaks.entry_about = EntryAbout::OtherSignature; }), "LogEntryOfOther");
  EXPECT_EQ(broken([](auto& r) { r.breaks.log.promise_forged = true; }), "LogEntryUntrusted");
  EXPECT_EQ(broken([](auto& r) { r.logged_after = std::chrono::hours(1); }), "CertificateNotValid");
}

// As `cosign sign-blob --bundle` wrote it: the parts of a layer in another place.
nlohmann::json cosign_bundle(const VirtualSigning& signing) {
  const auto annotations = signing.simple_signing_of(kFile).annotations;
  const auto certificate = annotations.find("dev.sigstore.cosign/certificate");
  const auto signer = certificate == annotations.end() ? signing.key().public_key_pem() : certificate->second;
  return {{"base64Signature", annotations.at("dev.cosignproject.cosign/signature")},
          {"cert", base64(signer)},
          {"rekorBundle", nlohmann::json::parse(annotations.at("dev.sigstore.cosign/bundle"))}};
}

TEST_F(BlobVerifier, ReadsCosignsOlderBundleThroughTheSameStages) {
  const auto bundle = cosign_bundle(world_.sign(digest_of_file()));
  EXPECT_EQ(verdict(bundle, by_identity_, Speaks::AsAskedFor), "verified");
  EXPECT_EQ(verdict(bundle, by_identity_, Speaks::AnyBundle), "BundleMalformed");
  EXPECT_EQ(verdict(bundle, by_identity_, Speaks::AsAskedFor, SignedMessage::of_bytes("another file")),
            "SignatureNotByCertificate");
  auto broken = bundle;
  broken["rekorBundle"] = nullptr;
  EXPECT_EQ(verdict(broken, by_identity_, Speaks::AsAskedFor), "LogEntryMissing");
  broken = bundle;
  broken["rekorBundle"] = cosign_bundle(world_.sign(digest_of_file()))["rekorBundle"];
  EXPECT_EQ(verdict(broken, by_identity_, Speaks::AsAskedFor), "LogEntryOfOther");
  broken = bundle;
  broken["more"] = 1;
  EXPECT_EQ(verdict(broken, by_identity_, Speaks::AsAskedFor), "BundleMalformed");
  broken = bundle;
  broken["base64Signature"] = "?";
  EXPECT_EQ(verdict(broken, by_identity_, Speaks::AsAskedFor), "SignatureMalformed");
}

TEST_F(BlobVerifier, ReadsCosignsOlderBundleOfAKey) {
  const VirtualKey key;
  const auto bundle = cosign_bundle(world_.sign(digest_of_file(), {.bare_key = key}));
  EXPECT_EQ(verdict(bundle, by_key(key), Speaks::AsAskedFor), "verified");
  EXPECT_EQ(verdict(bundle, by_key(VirtualKey()), Speaks::AsAskedFor), "OtherSigner");
  EXPECT_EQ(verdict(bundle, by_identity_, Speaks::AsAskedFor), "CertificateAbsent");
}

TEST_F(BlobVerifier, HoldsBareSignaturesAgainstKeysOrThePinnedCertificate) {
  const VirtualKey key;
  const auto artifact = SignedMessage::of_bytes(kFile);
  const std::vector signatures{std::string("neither this"), key.sign(kFile)};
  const auto by = [&](const VirtualKey& signer) {
    return words(verify_blob_signature(artifact, signatures, by_key(signer, Demand::NotRequired), trust_,
                                       kSigningTime));
  };
  EXPECT_EQ(by(key), "verified");
  EXPECT_EQ(by(VirtualKey()), "OtherSigner");
  auto without_log = by_identity_;
  without_log.proof.transparency_log = Demand::NotRequired;
  EXPECT_EQ(words(verify_blob_signature(artifact, signatures, without_log, trust_, kSigningTime)),
            "CertificateAbsent");
}

}  // namespace
}  // namespace tegata::verifier
