// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/policy_files.h"
#include "testdata_folder.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "policy/model/limits.h"
#include "verifier/sigstore/root/trust_material.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string policy(const std::string& name) {
  return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: " + name +
         "}\nspec:\n  rules:\n    - name: registries\n      allowedRegistries: [\"example.com/**\"]\n";
}

struct PolicyFiles : ::testing::Test {
  PolicyFiles() {
    std::string name = (fs::temp_directory_path() / "tegata-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  ~PolicyFiles() override { fs::remove_all(folder); }

  std::string write(const std::string& name, const std::string& text) const {
    const auto path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::vector<std::string> names_in(const fs::path& path) const {
    std::vector<std::string> names;
    const auto documents = read_policy_files(path.string());
    EXPECT_TRUE(documents.ok());
    if (documents.ok())
      for (const auto& document : *documents) names.push_back(fs::path(document.name).filename().string());
    return names;
  }
  static std::string hash_of(const std::string& path) {
    verifier::TrustMaterial trust;
    const auto loaded = load_policies(path, trust);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return loaded->hash;
  }

  fs::path folder;
};

TEST_F(PolicyFiles, TakesAFolderByNameAndLeavesOutWhatIsNoPolicy) {
  for (const char* name : {"b.yaml", "a.yml", "c.json", "notes.txt", ".hidden.yaml", "below/d.yaml", "yaml"})
    write(name, policy("p"));
  EXPECT_THAT(names_in(folder), ElementsAre("a.yml", "b.yaml", "c.json"));
}

TEST_F(PolicyFiles, ReadsAMountedConfigMapOnce) {
  write("..2026_11_22/prod.yaml", policy("prod"));
  fs::create_directory_symlink("..2026_11_22", folder / "..data");
  fs::create_symlink("..data/prod.yaml", folder / "prod.yaml");
  EXPECT_THAT(names_in(folder), ElementsAre("prod.yaml"));
  const auto documents = read_policy_files(folder.string());
  EXPECT_EQ(documents->front().folder, folder.string());  // where keys beside the policy are mounted
}

TEST_F(PolicyFiles, TakesAnyNameWhereOneFileIsGiven) {
  EXPECT_THAT(names_in(write("policy", policy("p"))), ElementsAre("policy"));
}

TEST_F(PolicyFiles, SaysWhatIsNotThere) {
  EXPECT_EQ(read_policy_files((folder / "none").string()).error().code, ErrorCode::NotFound);
  const auto empty = read_policy_files(folder.string());
  EXPECT_EQ(empty.error().code, ErrorCode::Misconfigured);
  EXPECT_THAT(empty.error().message, HasSubstr("contains no policy file"));
  fs::create_symlink("nowhere", folder / "dangling.yaml");
  EXPECT_EQ(read_policy_files(folder.string()).error().code, ErrorCode::NotFound);
}

TEST_F(PolicyFiles, BoundsTheFilesAndTheirNumber) {
  const auto at_bound = write("a.yaml", std::string(limits::kPolicyFile, '#'));
  EXPECT_TRUE(read_policy_files(at_bound).ok());
  const auto past = write("a.yaml", std::string(limits::kPolicyFile + 1, '#'));
  EXPECT_EQ(read_policy_files(past).error().code, ErrorCode::LimitExceeded);
  write("a.yaml", "");
  for (std::size_t i = 1; i < limits::kPolicyFiles; ++i) write(std::to_string(i) + ".yaml", "");
  EXPECT_TRUE(read_policy_files(folder.string()).ok());
  write("last.yaml", "");
  EXPECT_EQ(read_policy_files(folder.string()).error().code, ErrorCode::LimitExceeded);
}

TEST_F(PolicyFiles, HashesTheBytesAndNotThePlace) {
  const auto hash = hash_of(write("here/a.yaml", policy("p")));
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(hash_of(write("there/b.yaml", policy("p"))), hash);
  EXPECT_EQ(hash_of((folder / "here").string()), hash);
  EXPECT_NE(hash_of(write("there/b.yaml", policy("p") + "\n")), hash);
}

TEST_F(PolicyFiles, HashesTheKeysThatAreNamed) {
  const auto signed_by =
      "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: p}\nspec:\n"
      "  rules:\n    - name: signed\n      signature: {anyOf: [{key: {file: key.pub}}]}\n";
  const auto key = [](const char* name) {
    return *read_file(std::string(TEGATA_TESTDATA) + "/sigstore/keys/" + name, limits::kKeyFile);
  };
  const auto path = write("a.yaml", signed_by);
  write("key.pub", key("p256.pub"));
  const auto hash = hash_of(path);
  write("key.pub", key("p384.pub"));
  EXPECT_NE(hash_of(path), hash);
}

TEST_F(PolicyFiles, HashesTheListsThatAreNamed) {
  const auto path =
      write("a.yaml",
            "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: p}\nspec:\n"
            "  rules:\n    - {name: withdrawn, denied: {file: denied.txt}}\n");
  const auto one = "sha256:" + std::string(64, '1') + "\n";
  const auto two = "sha256:" + std::string(64, '2') + "\n";
  write("denied.txt", one);
  const auto hash = hash_of(path);
  write("denied.txt", one + two);
  EXPECT_NE(hash_of(path), hash);
  write("denied.txt", "# a comment\n" + one);
  EXPECT_EQ(hash_of(path), hash) << "the list is the same";
}

TEST_F(PolicyFiles, GivesEveryErrorOfADocument) {
  verifier::TrustMaterial trust;
  const auto loaded = load_policies(write("a.yaml", "kind: Nothing\nspecs: {}\n"), trust);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::Misconfigured);
  EXPECT_THAT(loaded.error().message, HasSubstr("a.yaml:1:"));
  EXPECT_THAT(loaded.error().message, HasSubstr("\n"));
}

}  // namespace
}  // namespace tegata::webhook
