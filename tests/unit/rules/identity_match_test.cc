// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/identity_match.h"

#include <gtest/gtest.h>

#include <set>

namespace tegata::policy {
namespace {

const std::string kRepository = "https://github.com/acme/shop";
const std::string kWorkflow = kRepository + "/.github/workflows/release.yml@refs/heads/main";

CertificateIdentity github_identity() {
  return {std::string(kGitHubIssuer),
          kWorkflow,
          {{"sourceRepositoryURI", kRepository},
           {"sourceRepositoryRef", "refs/heads/main"},
           {"sourceRepositoryDigest", std::string(40, 'a')},
           {"buildConfigURI", kWorkflow},
           {"githubWorkflowRepository", "acme/shop"},
           {"githubWorkflowRef", "refs/heads/main"},
           {"githubWorkflowSHA", std::string(40, 'b')}}};
}

IdentityCriteria github(std::string owner, std::string name, std::optional<std::string> workflow,
                        std::optional<std::string> ref) {
  IdentityCriteria criteria;
  criteria.github = GitHubWorkflow{std::move(owner), std::move(name), std::move(workflow), std::nullopt};
  if (ref) criteria.github->ref = *UriGlob::parse(*ref);
  return criteria;
}
IdentityCriteria release_of_shop() { return github("acme", "shop", "release.yml", "refs/heads/main"); }

IdentityCriteria by(TextCriterion issuer, TextCriterion subject) {
  return {std::move(issuer), std::move(subject), std::nullopt, {}};
}
bool accepts(const IdentityCriteria& criteria, const CertificateIdentity& identity) {
  return !criteria.mismatch(identity);
}

TEST(IdentityCriteria, IssuerAndSubjectMustBothHold) {
  const auto criteria = by(TextCriterion::exact("https://issuer"), TextCriterion::exact("a@b.c"));
  EXPECT_TRUE(accepts(criteria, {"https://issuer", "a@b.c", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://issuer/", "a@b.c", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://issuer", "A@b.c", {}}));
  EXPECT_FALSE(accepts(criteria, {"", "a@b.c", {}}));
}

TEST(IdentityCriteria, WithoutADemandOnBothTheyAcceptNobody) {
  EXPECT_FALSE(accepts({}, github_identity()));
  EXPECT_FALSE(accepts({TextCriterion::exact("i"), std::nullopt, std::nullopt, {}}, {"i", "s", {}}));
  EXPECT_FALSE(accepts({std::nullopt, TextCriterion::exact("s"), std::nullopt, {}}, {"i", "s", {}}));
}

TEST(IdentityCriteria, AnEmptyIssuerIsOnlyTheAbsentOne) {
  const auto criteria = by(TextCriterion::exact(""), TextCriterion::exact("s"));
  EXPECT_TRUE(accepts(criteria, {"", "s", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://issuer", "s", {}}));
}

TEST(IdentityCriteria, RegularExpressionsAreAnchoredAtBothEnds) {
  const auto criteria =
      by(*TextCriterion::pattern("https://(a|b)"), *TextCriterion::pattern("x|https://good/.*"));
  EXPECT_TRUE(accepts(criteria, {"https://a", "https://good/1", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://a.evil", "https://good/1", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://a", "https://evil/https://good/1", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://a", "x1", {}}));
  EXPECT_FALSE(accepts(criteria, {"https://a", "https://good/1\nx", {}}));
  EXPECT_FALSE(TextCriterion::pattern("a)(b").ok());
  EXPECT_FALSE(TextCriterion::pattern("(").ok());
}

TEST(IdentityCriteria, ExtensionsAreComparedExactly) {
  auto criteria = by(TextCriterion::exact("i"), TextCriterion::exact("s"));
  criteria.extensions = {{"runnerEnvironment", "github-hosted"}};
  EXPECT_TRUE(accepts(criteria, {"i", "s", {{"runnerEnvironment", "github-hosted"}}}));
  EXPECT_FALSE(accepts(criteria, {"i", "s", {{"runnerEnvironment", "self-hosted"}}}));
  EXPECT_FALSE(accepts(criteria, {"i", "s", {}}));
}

TEST(IdentityCriteria, SaysWhatIsOtherThanAsked) {
  const auto criteria = by(TextCriterion::exact("https://issuer"), *TextCriterion::glob("https://good/*"));
  EXPECT_EQ(criteria.mismatch({"https://evil", "https://good/1", {}}),
            "issuer is \"https://evil\", not \"https://issuer\"");
  EXPECT_EQ(criteria.mismatch({"https://issuer", "x\n", {}}),
            "subject is \"x\\n\", not the glob \"https://good/*\"");
  EXPECT_EQ(criteria.mismatch({"", "https://good/1", {}}), "issuer is absent, not \"https://issuer\"");
}

TEST(IdentityCriteria, EqualTextsOnlyWhereTheSameIsAsked) {
  std::set<std::string> texts;
  const auto issuer = TextCriterion::exact("i");
  auto with_extension = by(issuer, TextCriterion::exact("s"));
  with_extension.extensions = {{"a", "b"}};
  auto other_split = by(issuer, TextCriterion::exact("s"));
  other_split.extensions = {{"ab", ""}};
  const IdentityCriteria all[] = {by(issuer, TextCriterion::exact("s")),
                                  by(issuer, *TextCriterion::glob("s")),
                                  by(issuer, *TextCriterion::pattern("s")),
                                  by(TextCriterion::exact("is"), TextCriterion::exact("")),
                                  with_extension,
                                  other_split,
                                  release_of_shop(),
                                  github("acme", "shop", "release.yml", std::nullopt),
                                  github("acme", "shop", std::nullopt, "refs/heads/main"),
                                  github("acmes", "hop", "release.yml", "refs/heads/main")};
  for (const auto& criteria : all) EXPECT_TRUE(texts.insert(SettingsIdentity::of(criteria)).second);
  EXPECT_EQ(SettingsIdentity::of(release_of_shop()), SettingsIdentity::of(release_of_shop()));
}

TEST(GitHubWorkflow, AcceptsTheWorkflowThatItNames) {
  EXPECT_EQ(release_of_shop().mismatch(github_identity()), std::nullopt);
  EXPECT_TRUE(accepts(github("acme", "*", "release.yml", "refs/heads/*"), github_identity()));
  EXPECT_TRUE(accepts(github("acme", "s*p", std::nullopt, std::nullopt), github_identity()));
}

TEST(GitHubWorkflow, DemandsGitHubsOwnIssuer) {
  auto identity = github_identity();
  identity.issuer = "https://token.actions.githubusercontent.com.evil.org";
  EXPECT_FALSE(accepts(release_of_shop(), identity));
}

/// The identity of a workflow, all of it, with one repository, file and ref.
CertificateIdentity identity_of(const std::string& repository, const std::string& file,
                                const std::string& ref) {
  auto identity = github_identity();
  const auto uri = "https://github.com/" + repository + "/.github/workflows/" + file + "@" + ref;
  identity.subject = uri;
  identity.extensions["sourceRepositoryURI"] = "https://github.com/" + repository;
  identity.extensions["githubWorkflowRepository"] = repository;
  identity.extensions["sourceRepositoryRef"] = ref;
  identity.extensions["githubWorkflowRef"] = ref;
  identity.extensions["buildConfigURI"] = uri;
  return identity;
}

TEST(GitHubWorkflow, NoLookAlikeOfRepositoryFileOrRefPasses) {
  const auto exact = release_of_shop();
  const auto any_name = github("acme", "*", "release.yml", "refs/heads/main");
  ASSERT_TRUE(accepts(exact, identity_of("acme/shop", "release.yml", "refs/heads/main")));
  for (const auto* repository : {"acme/shop2", "acme-evil/shop", "evil/acme/shop", "acme/shop/x", "Acme/shop",
                                 "acme.evil/shop", "acme/..", "acme/", "/shop", "acme"})
    EXPECT_FALSE(accepts(exact, identity_of(repository, "release.yml", "refs/heads/main"))) << repository;
  for (const auto* repository :
       {"acme/..", "acme/.", "acme/", "acme/a/b", "acme/a%2fb", "evil/a", "acme/a@b"})
    EXPECT_FALSE(accepts(any_name, identity_of(repository, "release.yml", "refs/heads/main"))) << repository;
  for (const auto* file :
       {"release.yaml", "prerelease.yml", "x/release.yml", "release.yml@x", "../release.yml"})
    EXPECT_FALSE(accepts(exact, identity_of("acme/shop", file, "refs/heads/main"))) << file;
  for (const auto* ref : {"refs/heads/main2", "refs/heads/x/main", "refs/tags/main", "main", "",
                          "refs/heads/x@refs/heads/main"})
    EXPECT_FALSE(accepts(exact, identity_of("acme/shop", "release.yml", ref))) << ref;
}

TEST(GitHubWorkflow, TheOlderExtensionsCountOnlyWhereTheNewerAreAbsent) {
  auto identity = github_identity();
  identity.extensions["sourceRepositoryURI"] = "https://github.com/evil/shop";
  EXPECT_FALSE(accepts(release_of_shop(), identity));
  identity.extensions.erase("sourceRepositoryURI");
  EXPECT_TRUE(accepts(release_of_shop(), identity));
  identity.extensions["sourceRepositoryRef"] = "refs/heads/evil";
  EXPECT_FALSE(accepts(release_of_shop(), identity));
  identity.extensions.erase("sourceRepositoryRef");
  EXPECT_TRUE(accepts(release_of_shop(), identity));
  identity.extensions.erase("githubWorkflowRef");
  EXPECT_FALSE(accepts(release_of_shop(), identity));
  identity.extensions.erase("githubWorkflowRepository");
  EXPECT_FALSE(accepts(github("acme", "shop", std::nullopt, std::nullopt), identity));
}

TEST(GitHubWorkflow, TheSubjectCountsOnlyWhereTheBuildConfigurationIsAbsent) {
  auto identity = github_identity();
  identity.subject = "https://github.com/acme/reusable/.github/workflows/build.yml@refs/heads/main";
  EXPECT_TRUE(accepts(release_of_shop(), identity));
  identity.extensions.erase("buildConfigURI");
  EXPECT_FALSE(accepts(release_of_shop(), identity));
  identity.subject = kWorkflow;
  EXPECT_TRUE(accepts(release_of_shop(), identity));
}

TEST(GitHubWorkflow, TheWorkflowIsOfTheRepositoryItself) {
  auto identity = github_identity();
  identity.extensions["buildConfigURI"] =
      "https://github.com/acme/other/.github/workflows/release.yml@refs/heads/main";
  EXPECT_FALSE(accepts(github("acme", "*", "release.yml", "refs/heads/main"), identity));
}

TEST(CommitOf, PrefersTheNewerExtension) {
  auto identity = github_identity();
  EXPECT_EQ(commit_of(identity), std::string(40, 'a'));
  identity.extensions.erase("sourceRepositoryDigest");
  EXPECT_EQ(commit_of(identity), std::string(40, 'b'));
  identity.extensions.erase("githubWorkflowSHA");
  EXPECT_EQ(commit_of(identity), std::nullopt);
}

}  // namespace
}  // namespace tegata::policy
