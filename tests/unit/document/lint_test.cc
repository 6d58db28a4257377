// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/unit/document/documents.h"

namespace tegata::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Time day(int year, unsigned month, unsigned day_of_month) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day_of_month));
}

std::string warnings_of_text(const std::string& text, Time now = day(2026, 11, 22)) {
  const auto result = testing::load_text(text);
  EXPECT_TRUE(result.policies) << testing::all_errors(result);
  std::string lines;
  if (result.policies)
    for (const auto& warning : lint(*result.policies, now)) lines += warning.text() + "\n";
  return lines;
}
std::string warnings_of(const std::string& rest, Time now = day(2026, 11, 22)) {
  return warnings_of_text(std::string(testing::kHead) + rest, now);
}

constexpr const char* kSigned = "signature: {anyOf: [{key: {file: keys/ci.pub}}]}";
std::string rules(const std::string& more = "") {
  return "  rules:\n    - {name: pinned, digest: required}\n    - {name: signed, " + std::string(kSigned) +
         "}\n" + more;
}

TEST(PolicyLint, HasNothingToSayOfASoundPolicy) { EXPECT_EQ(warnings_of(rules()), ""); }

TEST(PolicyLint, WarnsOfAPlatformThatMatchLeavesOut) {
  EXPECT_EQ(warnings_of("  match: {kubernetes: {}}\n" + rules()),
            "policy.yaml:1:1: policy 'production' has a match without 'ecs': it never looks at Amazon ECS "
            "requests\n");
  EXPECT_EQ(
      warnings_of("  match: {ecs: {}}\n" + rules()),
      "policy.yaml:1:1: policy 'production' has a match without 'kubernetes': it never looks at Kubernetes "
      "requests\n");
  EXPECT_EQ(warnings_of("  match: {ecs: {}, kubernetes: {}}\n" + rules()), "");
}

TEST(PolicyLint, WarnsOfDeployersWithoutABlockForAPlatformThatThePolicyMatches) {
  const auto people = rules("    - {name: who, deployers: {kubernetes: {users: [a]}}}\n");
  EXPECT_EQ(warnings_of(people),
            "policy.yaml:8:7: rule 'who' has no 'ecs' under deployers, and the policy matches Amazon ECS: "
            "there, the "
            "rule lets anyone deploy\n");
  EXPECT_THAT(warnings_of("  match: {kubernetes: {}}\n" + people), Not(HasSubstr("anybody")));
  EXPECT_THAT(warnings_of(rules("    - {name: who, deployers: {ecs: {manual: deny}}}\n")),
              HasSubstr("rule 'who' has no 'kubernetes' under deployers"));
}

TEST(PolicyLint, WarnsOfConfigsThatNobodyHasSigned) {
  EXPECT_EQ(warnings_of(rules("    - {name: hardened, imageConfig: {user: nonRoot}}\n")), "");
  EXPECT_THAT(
      warnings_of("  rules:\n    - {name: hardened, imageConfig: {user: nonRoot}}\n"),
      HasSubstr(
          "rule 'hardened' trusts the configs of images, and no 'signature' or 'attestation' rule of the "
          "policy covers the same images: anyone with push access can set these configs"));
}

TEST(PolicyLint, WarnsOfDatesThatNobodyHasSigned) {
  EXPECT_THAT(warnings_of("  rules:\n    - {name: recent, age: {maxSinceBuild: 720h}}\n"),
              HasSubstr("rule 'recent' trusts the configs of images"));
}

TEST(PolicyLint, WarnsOfAListThatRefusesNothing) {
  EXPECT_EQ(warnings_of(rules("    - {name: withdrawn, denied: {file: denied.txt}}\n")), "");
  EXPECT_EQ(
      warnings_of(rules("    - {name: withdrawn, denied: {file: none.txt}}\n")),
      "policy.yaml:8:7: rule 'withdrawn': the list 'none.txt' has no digest, so the rule has no effect\n");
  EXPECT_THAT(warnings_of(rules("    - {name: withdrawn, onUnknown: warn, denied: {file: denied.txt}}\n")),
              HasSubstr("gets a withdrawn image in by its tag"));
}

TEST(PolicyLint, WarnsOfBelievingImagesThatNobodyHasSigned) {
  for (const std::string check :
       {"tag: {format: commitId, commitFrom: label}",
        "baseImage: {digests: "
        "[\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"]}"}) {
    const auto rule = "    - {name: said, " + check + "}\n";
    EXPECT_THAT(warnings_of("  rules:\n" + rule),
                HasSubstr("policy.yaml:6:7: rule 'said' trusts the labels of images, and no 'signature' "
                          "or 'attestation' rule"));
    EXPECT_EQ(warnings_of(rules(rule)), "");
    const auto elsewhere = "  rules:\n" + rule + "    - {name: signed, images: [\"h.example/**\"], " +
                           std::string(kSigned) + "}\n";
    EXPECT_THAT(warnings_of(elsewhere), HasSubstr("rule 'said' trusts"));
  }
}

TEST(PolicyLint, WarnsOfAMilderUnknownBesideSignaturesAndSaysWhatAnAttackerGains) {
  const auto signers = {kSigned, "attestation: {type: slsaprovenance1, anyOf: [{key: {file: keys/ci.pub}}]}"};
  for (const std::string check : signers)
    for (const std::string cost : {"warn", "dryrun", "allow"}) {
      const auto rule = "  rules:\n    - {name: pinned, digest: required}\n    - {name: s, " + check;
      const auto warning = "rule 's': onUnknown (" + cost +
                           ") is milder than the enforcement: anyone who can "
                           "make the registry fail, or throttle Tegata, gets an unsigned image in meanwhile";
      EXPECT_THAT(warnings_of("  onUnknown: " + cost + "\n" + rule + "}\n"), HasSubstr(warning));
      EXPECT_THAT(warnings_of(rule + ", onUnknown: " + cost + "}\n"), HasSubstr(warning));
      EXPECT_THAT(warnings_of("  onUnknown: " + cost + "\n" + rule + ", onUnknown: deny}\n"),
                  Not(HasSubstr("onUnknown")));
    }
  EXPECT_THAT(warnings_of("  enforcement: warn\n  onUnknown: warn\n" + rules()), Not(HasSubstr("onUnknown")));
  EXPECT_THAT(warnings_of("  onUnknown: warn\n  rules: [{name: pinned, digest: required}]\n"),
              Not(HasSubstr("onUnknown")));
}

TEST(PolicyLint, WarnsOfAMilderUnknownBesideEveryRuleThatAsksForFacts) {
  for (const auto& [check, let_in] : std::vector<std::pair<std::string, std::string>>{
           {"imageConfig: {user: nonRoot}", "any config of an image"},
           {"age: {maxSinceBuild: 90d}", "an image of any age"},
           {"vulnerabilities: {failAt: HIGH, sources: [ecr]}", "an image in that was not scanned"},
           {"tag: {immutable: registry}", "a tag in that can be moved"}})
    EXPECT_THAT(warnings_of(rules("    - {name: r, onUnknown: warn, " + check + "}\n")),
                HasSubstr("gets " + let_in));
  EXPECT_THAT(warnings_of(rules("    - {name: r, onUnknown: warn, tag: {format: commitId}}\n")),
              Not(HasSubstr("onUnknown")));
}

TEST(PolicyLint, WarnsOfHostsThatOtherPeopleCanGet) {
  const auto warnings = [](const std::string& glob) {
    return warnings_of(rules("    - {name: r, allowedRegistries: [\"" + glob + "\"]}\n"));
  };
  for (const std::string glob :
       {"*example.org/**", "*.org/**", "example.*/a/**", "ghcr*.io/acme/**", "example.o*:5000/**",
        "*.dkr.ecr.eu-west-1.amazonaws.com/**", "1111*.dkr.ecr.*.amazonaws.com/**", "*.azurecr.io/**"})
    EXPECT_THAT(warnings(glob), HasSubstr("rule 'r': the star in the host of '" + glob + "' also matches"))
        << glob;
  for (const std::string glob : {"*.example.org/**", "registry-*.example.org/**", "example.org/*",
                                 "111122223333.dkr.ecr.*.amazonaws.com/**", "**"})
    EXPECT_THAT(warnings(glob), Not(HasSubstr("the star in the host"))) << glob;
}

TEST(PolicyLint, WarnsOfPatternsThatMatchEverything) {
  for (const std::string pattern : {"v|.*", ".*", ".+|v[0-9]+", "(v.*)|[^ ]*"}) {
    EXPECT_THAT(warnings_of(rules("    - {name: t, tag: {pattern: \"" + pattern + "\"}}\n")),
                HasSubstr("rule 't': the pattern '" + pattern + "' matches every tag"))
        << pattern;
    const auto identity = warnings_of(
        "  rules: [{name: pinned, digest: required}, {name: s, signature: {anyOf: [{keyless: {issuer: "
        "https://a.example, subjectRegExp: \"" +
        pattern + "\"}}]}}]\n");
    EXPECT_THAT(identity, HasSubstr("rule 's': '" + pattern + "' matches every identity")) << pattern;
  }
  for (const std::string pattern : {"v[0-9.]+", "v.*", "[a-z]+|v.*", "[0-9a-f]{7,40}"})
    EXPECT_THAT(warnings_of(rules("    - {name: t, tag: {pattern: \"" + pattern + "\"}}\n")),
                Not(HasSubstr("matches every tag")))
        << pattern;
}

TEST(PolicyLint, WarnsOfGroupsThatHoldEveryone) {
  const auto warnings = [](const std::string& words) {
    return warnings_of(
        rules("    - {name: who, deployers: {ecs: {manual: deny}, kubernetes: {" + words + "}}}\n"));
  };
  EXPECT_THAT(warnings("groups: [system:authenticated]"),
              HasSubstr("rule 'who': every user and every service account is in the group "
                        "'system:authenticated', so all of them may deploy"));
  EXPECT_THAT(warnings("groups: [deployers, system:unauthenticated]"), HasSubstr("without credentials"));
  EXPECT_THAT(warnings("groups: [system:serviceaccounts]"), HasSubstr("of the cluster"));
  EXPECT_THAT(warnings("groups: [\"system:serviceaccounts:ci\"]"), HasSubstr("of that namespace"));
  EXPECT_THAT(warnings("users: [system:anonymous]"), HasSubstr("without credentials"));
  EXPECT_EQ(warnings("groups: [deployers, system:masters]"), "");
}

TEST(PolicyLint, WarnsOfASignatureRuleWithoutADigestRuleOverTheSameImages) {
  EXPECT_EQ(
      warnings_of("  rules: [{name: signed, " + std::string(kSigned) + "}]\n"),
      "policy.yaml:5:11: rule 'signed' checks signatures, and no 'digest' or 'tag.immutable' rule of the "
      "policy covers the same images: a tag may move between the check and the pull\n");
  const auto over = [](const std::string& digest, const std::string& signature) {
    return warnings_of("  rules:\n    - {name: d, images: [\"" + digest +
                       "\"], digest: required}\n    - {name: s, images: [\"" + signature + "\"], " + kSigned +
                       "}\n    - {name: r, allowedRegistries: [\"" + signature + "\"]}\n");
  };
  EXPECT_EQ(over("**", "docker.io/a/*"), "");
  EXPECT_EQ(over("docker.io/a/*", "docker.io/a/*"), "");
  EXPECT_EQ(over("docker.io/**", "docker.io/a/*"), "");
  EXPECT_THAT(over("docker.io/a/**", "docker.io/**"), HasSubstr("a tag may move"));
  EXPECT_THAT(over("docker.io/a/**", "docker.io/ab"), HasSubstr("a tag may move"));
  EXPECT_THAT(over("docker.io/a/**", "**"), HasSubstr("a tag may move"));
}

std::string doubts_of_identity(const std::string& words) {
  return warnings_of("  rules: [{name: pinned, digest: required}, {name: s, signature: {anyOf: [{keyless: {" +
                     words + "}}]}}]\n");
}

TEST(PolicyLint, HasNothingToSayOfIdentitiesThatAreWrittenOut) {
  for (const std::string words :
       {"issuer: https://a.example, subject: a@b.example", "github: {repository: a/b, ref: refs/heads/main}",
        "issuerRegExp: \"https://a[.]b\", subjectRegExp: \"x.*@b[.]example\"",
        "issuer: https://a.example, subjectGlob: \"https://git.example/**\""})
    EXPECT_EQ(doubts_of_identity(words), "") << words;
}

TEST(PolicyLint, WarnsOfAWorkflowOfGitHubOnAnyBranch) {
  EXPECT_EQ(doubts_of_identity("github: {repository: a/b, workflow: c.yml}"),
            "policy.yaml:5:45: rule 's': 'github' without 'ref' trusts every branch of 'a/b', so "
            "anyone with push access to it matches\n");
}

TEST(PolicyLint, WarnsOfDotsOfPatternsThatMeanAnyCharacter) {
  EXPECT_THAT(doubts_of_identity("issuer: https://a, subjectRegExp: \"x@b.example\""),
              HasSubstr("rule 's': the '.' in 'x@b.example' matches any character: write '[.]' for a dot"));
  EXPECT_THAT(doubts_of_identity("issuerRegExp: \"https://a.b\", subject: x"),
              HasSubstr("the '.' in 'https://a.b'"));
}

TEST(PolicyLint, WarnsOfSubjectsThatMayBeginAnyhow) {
  for (const std::string words : {"subjectRegExp: \".*@b[.]example\"", "subjectRegExp: \"^.*@b[.]example\"",
                                  "subjectGlob: \"**@b.example\"", "subjectGlob: \"*://git.example/a\""})
    EXPECT_THAT(doubts_of_identity("issuer: https://a, " + words),
                HasSubstr("any identity with this suffix matches: write how it begins"))
        << words;
}

TEST(PolicyLint, WarnsOfATrustedRootThatIsNotLookedAt) {
  const auto doubts = [](const std::string& words) {
    return warnings_of(
        "  rules: [{name: pinned, digest: required}, {name: s, signature: {anyOf: [{key: {file: keys/ci.pub" +
        words + "}}]}}]\n");
  };
  EXPECT_EQ(doubts(""), "");
  EXPECT_EQ(doubts(", trustedRoot: {file: r.json}, transparencyLog: required"), "");
  for (const std::string words : {"", ", transparencyLog: notRequired"})
    EXPECT_THAT(doubts(", trustedRoot: {file: r.json}" + words),
                HasSubstr("rule 's': the 'trustedRoot' of the key 'keys/ci.pub' is ignored"))
        << words;
}

TEST(PolicyLint, TellsTheDoubtsOfARuleOnceThoughATagIsBoundToIt) {
  const auto text = warnings_of(
      "  rules: [{name: pinned, digest: required}, {name: s, signature: {anyOf: [{keyless: {github: "
      "{repository: a/b}}}]}}"
      ", {name: t, tag: {format: commitId, matchesProvenance: s}}]\n");
  EXPECT_EQ(text.find("every branch"), text.rfind("every branch"));
  EXPECT_THAT(text, HasSubstr("rule 's': 'github' without 'ref'"));
}

TEST(PolicyLint, TakesARuleThatHoldsTagsForOneThatPins) {
  const auto beside = [](const std::string& tag) {
    return warnings_of("  rules: [{name: t, tag: {" + tag + "}}, {name: s, " + kSigned + "}]\n");
  };
  EXPECT_EQ(beside("immutable: registry"), "");
  EXPECT_THAT(beside("format: commitId"), HasSubstr("a tag may move"));
}

TEST(PolicyLint, WarnsOfAttestationsWithoutADigestRuleToo) {
  EXPECT_THAT(
      warnings_of("  rules: [{name: a, attestation: {type: vuln, anyOf: [{key: {file: keys/ci.pub}}]}}]\n"),
      HasSubstr("policy.yaml:5:11: rule 'a' checks attestations, and no 'digest' or 'tag.immutable' rule"));
}

TEST(PolicyLint, WarnsOfAnOnMissingMilderThanTheEnforcement) {
  EXPECT_EQ(warnings_of("  onMissing: warn\n" + rules()),
            "policy.yaml:1:1: policy 'production': onMissing (warn) is milder than the enforcement (deny): "
            "an image "
            "without any signature costs less than a badly signed one\n");
  EXPECT_EQ(warnings_of("  onMissing: deny\n" + rules()), "");
  EXPECT_EQ(warnings_of("  enforcement: warn\n  onMissing: warn\n" + rules()), "");
}

TEST(PolicyLint, WarnsOfARulesOwnOnMissing) {
  const auto with = [](const std::string& spec, const std::string& words) {
    return warnings_of(spec + "  rules: [{name: pinned, digest: required}, {name: signed, " + words + ", " +
                       kSigned + "}]\n");
  };
  EXPECT_THAT(with("", "onMissing: allow"), HasSubstr("5:45: rule 'signed': onMissing (allow) is milder"));
  EXPECT_EQ(with("", "enforcement: warn, onMissing: warn"), "");
  EXPECT_THAT(with("  enforcement: warn\n  onMissing: warn\n", "enforcement: deny"),
              HasSubstr("rule 'signed': onMissing (warn) is milder than the enforcement (deny)"));
  EXPECT_THAT(with("  onMissing: warn\n", "enforcement: deny"),
              Not(HasSubstr("rule 'signed'")));  // told once
}

TEST(PolicyLint, WarnsOfImagesThatNoSignatureRuleCovers) {
  EXPECT_EQ(warnings_of("  rules: [{name: pinned, digest: required}]\n"),
            "policy.yaml:1:1: no signature rule covers all images that may run in policy 'production'\n");
  const auto with = [](const std::string& allowed, const std::string& signed_images) {
    return warnings_of("  rules:\n    - {name: d, digest: required}\n    - {name: r, " + allowed +
                       "}\n    - {name: s, images: [" + signed_images + "], " + kSigned + "}\n");
  };
  EXPECT_EQ(with("allowedRegistries: [\"a.io/**\"]", "\"a.io/**\""), "");
  EXPECT_EQ(with("allowedRegistries: [\"a.io/**\", \"b.io/**\"]", "\"a.io/**\", \"b.io/x/**\""),
            "policy.yaml:7:7: no signature rule covers 'b.io/**' in policy 'production'\n");
  EXPECT_THAT(with("enforcement: dryrun, allowedRegistries: [\"a.io/**\"]", "\"a.io/**\""),
              HasSubstr("all images"));
  EXPECT_THAT(with("images: [\"a.io/**\"], allowedRegistries: [\"a.io/**\"]", "\"a.io/**\""),
              HasSubstr("all images"));
}

TEST(PolicyLint, CountsSignatureRulesOfPoliciesThatMatchEverything) {
  const auto two = [](const std::string& match) {
    return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: a}\nspec:\n" + match +
           rules() +
           "---\napiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: b}\n"
           "spec: {rules: [{name: pinned, digest: required}]}\n";
  };
  EXPECT_EQ(warnings_of_text(two("")), "");
  EXPECT_THAT(warnings_of_text(two("  match: {kubernetes: {}, ecs: {}}\n")), HasSubstr("in policy 'b'"));
}

TEST(PolicyLint, WarnsOfExemptionsThatAreOverOrEndWithinFourteenDays) {
  const auto text = rules() +
                    "  exemptions:\n    - {rules: [pinned], images: [\"**\"], reason: r, owner: team-pay, "
                    "expires: 2027-01-31}\n";
  EXPECT_EQ(warnings_of(text, day(2027, 1, 17)), "");
  EXPECT_EQ(warnings_of(text, day(2027, 1, 18)),
            "policy.yaml:9:7: this exemption ends within 14 days, with 2027-01-31 (UTC); its owner is "
            "'team-pay'\n");
  EXPECT_THAT(warnings_of(text, day(2027, 2, 1) - std::chrono::milliseconds(1)),
              HasSubstr("ends within 14 days"));
  EXPECT_EQ(warnings_of(text, day(2027, 2, 1)),
            "policy.yaml:9:7: this exemption expired at the end of 2027-01-31 (UTC) and has no effect: "
            "remove it\n");
}

}  // namespace
}  // namespace tegata::policy
