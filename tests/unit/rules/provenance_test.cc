// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/provenance.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/values.h"

namespace tegata::policy {
namespace {

using namespace testing;

const std::string kCommit(40, 'a');
const std::string kOther(40, 'b');
const std::string kShop = "https://github.com/acme/shop";

Value material(std::string uri, std::string algorithm, std::string digest) {
  return object(
      {{"uri", text(std::move(uri))}, {"digest", object({{std::move(algorithm), text(std::move(digest))}})}});
}

Value v02(Value::Array materials, std::string source = "git+" + kShop + "@refs/heads/main") {
  return object({{"builder", object({{"id", text("https://builder")}})},
                 {"buildType", text("https://type")},
                 {"invocation", object({{"configSource", material(std::move(source), "sha1", kCommit)}})},
                 {"materials", list(std::move(materials))}});
}

Value v1(Value external, Value::Array dependencies) {
  return object({{"buildDefinition", object({{"buildType", text("https://type")},
                                             {"externalParameters", std::move(external)},
                                             {"resolvedDependencies", list(std::move(dependencies))}})},
                 {"runDetails", object({{"builder", object({{"id", text("https://builder")}})}})}});
}
Value github_parameters() {
  return object({{"workflow", object({{"repository", text(kShop)},
                                      {"ref", text("refs/heads/main")},
                                      {"path", text(".github/workflows/release.yml")}})}});
}

using Commits = std::vector<std::string>;

TEST(Provenance, ReadsVersion02) {
  const auto read =
      provenance_of(kProvenanceV02, v02({material("git+" + kShop + "@refs/heads/main", "sha1", kCommit)}));
  EXPECT_EQ(read.builder, "https://builder");
  EXPECT_EQ(read.build_type, "https://type");
  EXPECT_EQ(read.source_repository, kShop);
  EXPECT_EQ(read.commits, Commits{kCommit});
}

TEST(Provenance, ReadsVersion1AsGitHubWritesIt) {
  for (const auto* algorithm : {"gitCommit", "sha1"}) {
    const auto read = provenance_of(
        kProvenanceV1,
        v1(github_parameters(), {material("git+" + kShop + "@refs/heads/main", algorithm, kCommit)}));
    EXPECT_EQ(read.builder, "https://builder");
    EXPECT_EQ(read.build_type, "https://type");
    EXPECT_EQ(read.source_repository, kShop);
    EXPECT_EQ(read.commits, Commits{kCommit});
  }
}

TEST(Provenance, ACommitOfAnotherMaterialIsNotWhatWasBuilt) {
  const auto other = material("git+https://github.com/evil/action@v1", "gitCommit", kOther);
  const auto own = material("git+" + kShop + ".git@refs/heads/main", "gitCommit", kCommit);
  EXPECT_EQ(provenance_of(kProvenanceV1, v1(github_parameters(), {other, own})).commits, Commits{kCommit});
  EXPECT_EQ(provenance_of(kProvenanceV1, v1(github_parameters(), {other})).commits, Commits{});
  EXPECT_EQ(
      provenance_of(kProvenanceV02, v02({material("git+https://github.com/evil/x", "sha1", kOther)})).commits,
      Commits{kCommit});
}

TEST(Provenance, WhereNoSourceIsToldTheOnlyGitMaterialIsIt) {
  const auto own = material("git+" + kShop + "@refs/heads/main", "gitCommit", kCommit);
  const auto other = material("git+https://github.com/evil/x", "gitCommit", kOther);
  EXPECT_EQ(provenance_of(kProvenanceV1, v1(object({}), {own})).commits, Commits{kCommit});
  EXPECT_EQ(provenance_of(kProvenanceV1, v1(object({}), {own, other})).commits, Commits{});
}

TEST(Provenance, DifferentSourcesAreNone) {
  const auto external = object({{"workflow", object({{"repository", text(kShop)}})},
                                {"source", text("git+https://github.com/evil/shop@main")}});
  const auto read =
      provenance_of(kProvenanceV1, v1(external, {material("git+" + kShop + "@main", "gitCommit", kCommit)}));
  EXPECT_EQ(read.source_repository, std::nullopt);
  EXPECT_EQ(read.commits, Commits{});
}

TEST(Provenance, WhatIsNoCommitIsNotTaken) {
  for (const auto& digest :
       {std::string(39, 'a'), std::string(41, 'a'), std::string(40, 'A'), std::string(40, 'g')})
    EXPECT_EQ(
        provenance_of(kProvenanceV1, v1(github_parameters(), {material("git+" + kShop, "gitCommit", digest)}))
            .commits,
        Commits{});
}

TEST(Provenance, FindsImagesAmongTheMaterials) {
  const std::string hex(64, 'c');
  const auto base = material("pkg:docker/golang@1.22?digest=sha256:" + hex, "sha256", hex);
  const auto read = provenance_of(kProvenanceV02, v02({base, material("pkg:oci/app", "sha256", hex)}));
  EXPECT_EQ(read.images.size(), 2U);
  EXPECT_FALSE(read.image_without_digest);
  EXPECT_TRUE(
      provenance_of(kProvenanceV02, v02({material("pkg:docker/x", "sha1", kCommit)})).image_without_digest);
}

TEST(Provenance, IsEmptyForAnythingElse) {
  for (const auto& predicate : {Value{}, text("x"), list({}), object({}), object({{"builder", text("x")}}),
                                object({{"materials", list({text("x"), Value{}, object({})})}})}) {
    for (const auto type : {kProvenanceV02, kProvenanceV1}) {
      const auto read = provenance_of(type, predicate);
      EXPECT_TRUE(read.builder.empty() && read.commits.empty() && !read.source_repository);
    }
  }
  EXPECT_TRUE(provenance_of("https://slsa.dev/provenance/v9", v02({})).builder.empty());
}

TEST(RepositoryOfUri, TakesOffWhatIsNotTheRepository) {
  const std::pair<const char*, const char*> cases[] = {
      {"git+https://github.com/acme/shop@refs/heads/main", "https://github.com/acme/shop"},
      {"https://github.com/acme/shop.git#refs/heads/main", "https://github.com/acme/shop"},
      {"https://github.com/acme/shop/", "https://github.com/acme/shop"},
      {"git+ssh://git@github.com/acme/shop.git@v1", "ssh://git@github.com/acme/shop"},
      {"https://github.com/acme/shop@x/../../evil", "https://github.com/acme/shop"},
      {"https://github.com@evil.org/acme/shop", "https://github.com@evil.org/acme/shop"},
      {"", ""}};
  for (const auto& [uri, repository] : cases) EXPECT_EQ(repository_of_uri(uri), repository) << uri;
}

TEST(ProvenanceCriteria, HoldOnlyForWhatTheyName) {
  Provenance built{"https://builder", "https://type", kShop, {}, {}, false};
  ProvenanceCriteria criteria{
      *UriGlob::parse("https://builder"), *UriGlob::parse("https://github.com/acme/*"), "https://type", {}};
  EXPECT_EQ(criteria.mismatch(built), std::nullopt);
  auto other = built;
  other.builder = "https://builder/x";
  EXPECT_EQ(criteria.mismatch(other), "builder: expected \"https://builder\", found \"https://builder/x\"");
  other = built;
  other.source_repository.reset();
  EXPECT_EQ(criteria.mismatch(other),
            "source repository: expected \"https://github.com/acme/*\", found nothing");
  other = built;
  other.build_type = "https://types";
  EXPECT_TRUE(criteria.mismatch(other));
}

TEST(ProvenanceCriteria, EveryImageMustBeApproved) {
  const auto digest = [](char c) { return *Digest::parse("sha256:" + std::string(64, c)); };
  const ProvenanceCriteria criteria{{}, {}, {}, {digest('c'), digest('d')}};
  Provenance built;
  EXPECT_TRUE(criteria.mismatch(built));  // none is told
  built.images = {digest('c')};
  EXPECT_FALSE(criteria.mismatch(built));
  built.image_without_digest = true;
  EXPECT_TRUE(criteria.mismatch(built));
  built.image_without_digest = false;
  built.images = {digest('c'), digest('e')};
  EXPECT_TRUE(criteria.mismatch(built));
}

}  // namespace
}  // namespace tegata::policy
