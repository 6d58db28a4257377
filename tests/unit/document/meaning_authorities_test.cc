// SPDX-License-Identifier: Apache-2.0
// What authorities and attestations become: whom they trust, what they ask for, and under which name.
#include <gmock/gmock.h>

#include <set>

#include "tests/unit/document/documents.h"

namespace tegata::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The rule's authorities; empty where the document is refused.
std::vector<Authority> authorities_of(const std::string& check) {
  const auto result =
      testing::load_text(std::string(testing::kHead) + "  rules: [{name: r, " + check + "}]\n");
  EXPECT_TRUE(result.policies) << check << "\n" << testing::all_errors(result);
  return result.policies ? result.policies->authorities : std::vector<Authority>{};
}
Authority only(const std::string& words) {
  auto all = authorities_of("signature: {anyOf: [{" + words + "}]}");
  EXPECT_EQ(all.size(), 1U) << words;
  return all.at(0);
}
std::string keyless(const std::string& more = "") {
  return "keyless: {issuer: \"https://i.example\", subject: \"a@example.com\"" + more + "}";
}
std::string certificate(const std::string& more = "") {
  return "certificate: {issuer: \"\", subject: \"a@example.com\"" + more + "}";
}
std::string attestation(const std::string& more, const std::string& type = "slsaprovenance1") {
  return "attestation: {type: \"" + type + "\", anyOf: [{key: {file: keys/ci.pub}}]" + more + "}";
}

std::string proof_of(const Authority& authority) {
  const auto letter = [](Demand demand) { return demand == Demand::Required ? "1" : "0"; };
  return std::string(letter(authority.proof.transparency_log)) + letter(authority.proof.signed_timestamp) +
         letter(authority.proof.certificate_timestamp);
}

// The folder of the document is not put in front of it: the resolver tells what it is.
TEST(AuthorityMeaning, LeavesAReferenceToAKeyStoreAsItIsWritten) {
  for (const std::string reference : {"k8s://prod/cosign", "awskms:///alias/sign", "pkcs11:token=t"}) {
    const auto result = testing::load_text(std::string(testing::kHead) +
                                           "  rules: [{name: r, signature: {anyOf: [{key: {file: '" +
                                           reference + "'}}]}}]\n");
    EXPECT_FALSE(result.policies);
    EXPECT_THAT(testing::all_errors(result),
                ::testing::HasSubstr("the key cannot be used: " + reference + ": no such file"));
  }
}

TEST(AuthorityMeaning, AsksByDefaultForWhatItsKindNeeds) {  // log, timestamp, SCT
  EXPECT_EQ(proof_of(only("key: {file: keys/ci.pub}")), "000");
  EXPECT_EQ(proof_of(only(keyless())), "101");
  EXPECT_EQ(proof_of(only(certificate())), "000");
  EXPECT_EQ(proof_of(only("keyless: {github: {repository: a/b, ref: refs/heads/main}}")), "101");
}

TEST(AuthorityMeaning, AsksForWhatIsWritten) {
  EXPECT_EQ(proof_of(only("key: {file: keys/ci.pub, transparencyLog: required}")), "100");
  EXPECT_EQ(proof_of(only(keyless(", transparencyLog: notRequired, signedTimestamp: required, "
                                  "signedCertificateTimestamp: notRequired"))),
            "010");
  EXPECT_EQ(proof_of(only(certificate(", transparencyLog: required, signedTimestamp: required, "
                                      "signedCertificateTimestamp: required"))),
            "111");
}

TEST(AuthorityMeaning, HasARootWhereSomethingNeedsOne) {
  testing::TestTrust trust;
  const auto by_default = trust.default_root();
  EXPECT_FALSE(only("key: {file: keys/ci.pub, trustedRoot: {file: r.json}}").proof.root);
  EXPECT_EQ(only("key: {file: keys/ci.pub, transparencyLog: required}").proof.root, *by_default);
  EXPECT_EQ(only(keyless()).proof.root, *by_default);
  EXPECT_EQ(only(certificate()).proof.root, *by_default);
  TrustedRootFiles whole;
  whole.trusted_root = "/etc/tegata/r.json";
  EXPECT_EQ(only(keyless(", trustedRoot: {file: r.json}")).proof.root, *trust.root(whole));
}

TEST(AuthorityMeaning, TakesThePartsOfARootToTheirPlacesByAbsolutePaths) {
  struct Asked final : testing::TestTrust {
    Result<TrustedRootId> root(const TrustedRootFiles& files) override {
      asked.push_back(files);
      return TestTrust::root(files);
    }
    std::vector<TrustedRootFiles> asked;
  } trust;
  const auto text = std::string(testing::kHead) + "  rules: [{name: r, signature: {allOf: [{" +
                    keyless(
                        ", trustedRoot: {certificateAuthorities: [ca.pem, /more.pem], transparencyLogs: "
                        "[rekor.pub], certificateTransparencyLogs: [ct.pub], timestampAuthorities: "
                        "[tsa.pem]}") +
                    "}, {" + certificate(", roots: [own.pem]") + "}]}}]\n";
  ASSERT_TRUE(load({{"p", "/etc", text}}, trust).policies);
  ASSERT_EQ(trust.asked.size(), 2U);
  const auto& parts = trust.asked[0];
  EXPECT_EQ(parts.trusted_root, "");
  EXPECT_THAT(parts.certificate_authorities, ElementsAre("/etc/ca.pem", "/more.pem"));
  EXPECT_THAT(parts.transparency_logs, ElementsAre("/etc/rekor.pub"));
  EXPECT_THAT(parts.certificate_timestamp_logs, ElementsAre("/etc/ct.pub"));
  EXPECT_THAT(parts.timestamp_authorities, ElementsAre("/etc/tsa.pem"));
  EXPECT_THAT(trust.asked[1].certificate_authorities, ElementsAre("/etc/own.pem"));
  EXPECT_THAT(trust.asked[1].transparency_logs, IsEmpty());
}

TEST(AuthorityMeaning, TrustsTheIdentityThatIsWritten) {
  const auto mismatch = [](const Authority& authority, const CertificateIdentity& identity) {
    return std::get<CertificateSigner>(authority.signer).mismatch(identity).has_value();
  };
  const CertificateIdentity alice{"https://i.example", "a@example.com", {}};
  EXPECT_FALSE(mismatch(only(keyless()), alice));
  EXPECT_TRUE(mismatch(only(keyless()), {"https://i.example", "A@example.com", {}}));
  EXPECT_TRUE(mismatch(only(keyless()), {"", "a@example.com", {}}));
  EXPECT_TRUE(mismatch(only(certificate()), alice));
  EXPECT_FALSE(mismatch(only(certificate()), {"", "a@example.com", {}}));
  EXPECT_TRUE(mismatch(only(keyless(", extensions: {buildTrigger: push}")), alice));
  EXPECT_FALSE(mismatch(only(keyless(", extensions: {buildTrigger: push}")),
                        {alice.issuer, alice.subject, {{"buildTrigger", "push"}}}));
  const auto patterns =
      only("keyless: {issuerRegExp: \"https://[a-z][.]example\", subjectGlob: \"*@example.com\"}");
  EXPECT_FALSE(mismatch(patterns, alice));
  EXPECT_TRUE(mismatch(patterns, {"https://i.example.evil", "a@example.com", {}}));
}

TEST(AuthorityMeaning, PinsTheCertificateOfItsFile) {
  testing::TestTrust trust;
  const auto pinned = only(certificate(", file: leaf.pem"));
  EXPECT_EQ(std::get<CertificateSigner>(pinned.signer).pinned, *trust.certificate("/etc/tegata/leaf.pem"));
  EXPECT_FALSE(std::get<CertificateSigner>(only(certificate()).signer).pinned);
}

TEST(AuthorityMeaning, HasAnotherIdWhereverTheAnswerMayDiffer) {
  const std::vector<std::string> different{
      "key: {file: keys/ci.pub}",
      "key: {file: keys/qa.pub}",
      "key: {file: keys/ci.pub, transparencyLog: required}",
      "key: {file: keys/ci.pub, transparencyLog: required, trustedRoot: {file: r.json}}",
      keyless(),
      "keyless: {issuer: \"https://i.example\", subjectGlob: \"a@example.com\"}",
      "keyless: {issuer: \"https://i.example\", subjectRegExp: \"a@example.com\"}",
      "keyless: {issuerRegExp: \"https://i.example\", subject: \"a@example.com\"}",
      keyless(", extensions: {buildTrigger: push}"),
      keyless(", extensions: {buildTrigger: push, runnerEnvironment: github-hosted}"),
      keyless(", signedTimestamp: required"),
      keyless(", transparencyLog: notRequired, signedTimestamp: required"),
      keyless(", signedCertificateTimestamp: notRequired"),
      keyless(", trustedRoot: {file: r.json}"),
      keyless(", trustedRoot: {certificateAuthorities: [r.pem]}"),
      certificate(),
      certificate(", file: leaf.pem"),
      certificate(", file: leaf2.pem"),
      certificate(", roots: [r.pem, s.pem]"),
      "keyless: {github: {repository: a/b, ref: refs/heads/main}}",
      "keyless: {github: {repository: a/b, ref: refs/heads/main, workflow: c.yml}}",
      "keyless: {github: {repository: a/b}}",
      "keyless: {github: {repository: a/*, ref: refs/heads/main}}"};
  std::set<std::string> ids;
  for (const auto& words : different) EXPECT_TRUE(ids.insert(only(words).id.text).second) << words;
}

TEST(AuthorityMeaning, IsOneWhereOnlyTheSpellingDiffers) {
  const auto both = [](const std::string& a, const std::string& b) {
    return authorities_of("signature: {allOf: [{" + a + "}, {" + b + "}]}").size();
  };
  EXPECT_EQ(both("key: {file: keys/ci.pub}", "key: {file: keys/ci-again.pub, transparencyLog: notRequired}"),
            1U);
  EXPECT_EQ(both(keyless(), keyless(", transparencyLog: required, signedTimestamp: notRequired")), 1U);
  EXPECT_EQ(
      both(certificate(", roots: [r.pem]"), certificate(", trustedRoot: {certificateAuthorities: [r.pem]}")),
      1U);
}

TEST(AttestationMeaning, MakesOtherAuthoritiesOfTheSameSigner) {
  const std::vector<std::string> different{
      "signature: {anyOf: [{key: {file: keys/ci.pub}}]}",
      attestation(""),
      attestation("", "slsaprovenance"),
      attestation("", "https://example.com/t"),
      attestation(", where: [{path: a, equals: 1}]"),
      attestation(", where: [{path: a, equals: \"1\"}]"),
      attestation(", where: [{path: a, atLeast: 1}]"),
      attestation(", where: [{path: b, equals: 1}]"),
      attestation(", where: [{path: a, equals: 1}, {path: b, equals: 1}]"),
      attestation(", where: [{path: a, any: [{path: b, equals: 1}]}]"),
      attestation(", where: [{path: a, all: [{path: b, equals: 1}]}]"),
      attestation(", provenance: {builder: x}"),
      attestation(", provenance: {buildType: x}"),
      attestation(", provenance: {sourceRepository: x}")};
  std::set<std::string> ids;
  for (const auto& words : different)
    EXPECT_TRUE(ids.insert(authorities_of(words).at(0).id.text).second) << words;
}

TEST(AttestationMeaning, IsOneUnderAnAliasAndItsUri) {
  EXPECT_EQ(authorities_of(attestation("")).at(0).id,
            authorities_of(attestation("", "https://slsa.dev/provenance/v1")).at(0).id);
}

TEST(AttestationMeaning, AsksTheTimeOnlyWhereItIsComparedWithNow) {
  const auto asks = [](const std::string& where) {
    return authorities_of(attestation(", where: [" + where + "]")).at(0).attestation->asks_now;
  };
  EXPECT_FALSE(asks("{path: a, equals: now}"));
  EXPECT_FALSE(asks("{path: a, after: \"2030-01-01T00:00:00Z\"}"));
  EXPECT_TRUE(asks("{path: a, after: now}"));
  EXPECT_TRUE(asks("{path: a, all: [{path: b, any: [{path: c, notBefore: now-168h}]}]}"));
}

TEST(AttestationMeaning, ReadsConditionsProvenanceAndCommitsTogether) {
  const std::string commit(40, 'a');
  const auto text = [](std::string words) { return Value{std::move(words)}; };
  const auto predicate = [&](const std::string& builder, const std::string& level) {
    const Value material{Value::Object{{"uri", text("git+https://github.com/acme/shop@refs/heads/main")},
                                       {"digest", Value{Value::Object{{"gitCommit", text(commit)}}}}}};
    const Value definition{Value::Object{
        {"externalParameters",
         Value{Value::Object{{"source", text("git+https://github.com/acme/shop@refs/heads/main")}}}},
        {"resolvedDependencies", Value{Value::Array{material}}}}};
    return Value{Value::Object{
        {"level", text(level)},
        {"buildDefinition", definition},
        {"runDetails", Value{Value::Object{{"builder", Value{Value::Object{{"id", text(builder)}}}}}}}}};
  };
  const auto demand =
      *authorities_of(attestation(", where: [{path: level, equals: \"3\"}], provenance: {builder: "
                                  "\"https://b.example/*\"}"))
           .at(0)
           .attestation;
  EXPECT_EQ(demand.predicate_type, "https://slsa.dev/provenance/v1");
  const auto good = demand.read(predicate("https://b.example/1", "3"), Time{});
  EXPECT_EQ(good.mismatch.value_or("none"), "none");
  EXPECT_THAT(good.commits, ElementsAre(commit));
  EXPECT_TRUE(demand.read(predicate("https://evil.example/1", "3"), Time{}).mismatch);
  EXPECT_TRUE(demand.read(predicate("https://b.example/1", "2"), Time{}).mismatch);
}

TEST(BoundTag, HasTheRuleThatItNamesWhereverThatStands) {
  const std::string tag = "{name: t, tag: {format: commitId, matchesProvenance: s}}";
  const std::string signed_by = "{name: s, signature: {anyOf: [{key: {file: keys/ci.pub}}]}}";
  for (const auto& rules : {tag + ", " + signed_by, signed_by + ", " + tag}) {
    const auto result = testing::load_text(std::string(testing::kHead) + "  rules: [" + rules + "]\n");
    ASSERT_TRUE(result.policies) << testing::all_errors(result);
    for (const auto& rule : result.policies->policies[0].rules) {
      const auto* check = std::get_if<TagCheck>(&rule.check);
      if (check == nullptr) continue;
      ASSERT_TRUE(check->provenance);
      EXPECT_EQ(check->provenance->rule, "s");
      EXPECT_EQ(std::get<SignatureCheck>(check->provenance->by).trust->authorities.size(), 1U);
    }
  }
}

}  // namespace
}  // namespace tegata::policy
