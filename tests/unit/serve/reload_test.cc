// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/reload.h"
#include "testdata_folder.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string policy_named(const std::string& name) {
  return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: " + name +
         "}\nspec:\n  rules:\n    - {name: any, allowedRegistries: [\"**\"]}\n";
}

/// A folder laid out as Kubernetes mounts a ConfigMap, and a Reload that watches it.
struct ReloadTest : ::testing::Test {
  ReloadTest() {
    fs::create_directories(folder);
    mount(policy_named("first"));
  }
  ~ReloadTest() override { fs::remove_all(folder); }

  /// What a kubelet does with a changed ConfigMap: a new folder, and one link swapped to it.
  void mount(const std::string& text) {
    const auto version = folder / ("..version-" + std::to_string(++versions));
    fs::create_directory(version);
    std::ofstream(version / "policy.yaml") << text;
    fs::remove(folder / "..new");
    fs::create_directory_symlink(version.filename(), folder / "..new");
    fs::rename(folder / "..new", folder / "..data");
    if (!fs::is_symlink(folder / "policy.yaml"))
      fs::create_symlink("..data/policy.yaml", folder / "policy.yaml");
  }
  void make_reload() {
    const auto served = load_with_trust(folder.string(), "");
    ASSERT_NE(served.policies, nullptr);
    reload.emplace(
        folder.string(), served,
        [this] {
          ++loads;
          return load_with_trust(folder.string(), "");
        },
        [this](LoadedPolicies loaded) { names.push_back(loaded.policies->policies.at(0).name); });
  }
  /// A routine look, two seconds after the one before.
  void look() { reload->look(Watch::Look::Routine, time += 2s); }

  fs::path folder = fs::temp_directory_path() / ("tegata-reload-" + std::to_string(::getpid()));
  int versions = 0;
  int loads = 0;
  std::vector<std::string> names;
  Reload::Clock::time_point time = Reload::Clock::now();
  std::optional<Reload> reload;
};

TEST_F(ReloadTest, ServesAConfigMapWhoseLinkWasSwapped) {
  make_reload();
  look();
  EXPECT_THAT(names, ::testing::IsEmpty());
  mount(policy_named("second"));
  look();
  EXPECT_THAT(names, ::testing::ElementsAre("second"));
  EXPECT_EQ(reload->good(), 1u);
  look();
  EXPECT_THAT(names, ::testing::ElementsAre("second"));
}

TEST_F(ReloadTest, NeverServesWhatIsBrokenAndCountsItOnce) {
  make_reload();
  mount("kind: Nonsense\n");
  look();
  look();
  reload->look(Watch::Look::Asked, time += 2s);
  EXPECT_THAT(names, ::testing::IsEmpty());
  EXPECT_EQ(reload->broken(), 1u);
  EXPECT_TRUE(reload->is_broken());
  mount("kind: OtherNonsense\n");
  look();
  EXPECT_EQ(reload->broken(), 2u);
  mount(policy_named("third"));
  look();
  EXPECT_THAT(names, ::testing::ElementsAre("third"));
  EXPECT_FALSE(reload->is_broken());
}

TEST_F(ReloadTest, GoesBackToWhatIsServedWithoutServingItAgain) {
  make_reload();
  mount("kind: Nonsense\n");
  look();
  mount(policy_named("first"));
  look();
  EXPECT_THAT(names, ::testing::IsEmpty());
  EXPECT_EQ(reload->good(), 0u);
  EXPECT_FALSE(reload->is_broken());
}

TEST_F(ReloadTest, KeepsTheOldWhereTheFolderIsGone) {
  make_reload();
  fs::remove_all(folder);
  look();
  EXPECT_THAT(names, ::testing::IsEmpty());
  EXPECT_EQ(reload->broken(), 1u);
}

TEST_F(ReloadTest, ReadsOnlyWhenSomethingChangedOrAfterAWhileOrWhenAsked) {
  make_reload();
  look();
  ASSERT_EQ(loads, 1);  // the first look covers what changed since the start
  look();
  EXPECT_EQ(loads, 1);
  reload->look(Watch::Look::Asked, time);
  EXPECT_EQ(loads, 2);
  time += kLookInside - 3s;
  look();
  EXPECT_EQ(loads, 2);
  look();
  EXPECT_EQ(loads, 3);
}

TEST_F(ReloadTest, SeesAListOfDigestsThatChangesUnderTheSamePolicy) {
  const auto list = folder / "denied.txt";
  const auto write = [&](const std::string& text) { std::ofstream(list) << text; };
  write("# none\n");
  mount(
      "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: listed}\nspec:\n  rules:\n"
      "    - {name: l, denied: {file: " +
      list.string() + "}}\n");
  make_reload();
  look();
  EXPECT_THAT(names, ::testing::IsEmpty());
  write("sha256:" + std::string(64, 'a') + "\n");
  look();
  EXPECT_THAT(names, ::testing::ElementsAre("listed"));
  write("");
  look();
  EXPECT_EQ(reload->broken(), 1u) << "a list that was cut off does not replace the one that is served";
  EXPECT_THAT(names, ::testing::ElementsAre("listed"));
}

TEST_F(ReloadTest, SeesAKeyThatChangesUnderTheSamePolicy) {
  const auto keys = fs::path(TEGATA_TESTDATA) / "sigstore/keys";
  const auto key = folder / "cosign.pub";
  fs::copy_file(keys / "p256.pub", key);
  mount(
      "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: signed}\nspec:\n  rules:\n"
      "    - {name: s, signature: {anyOf: [{key: {file: " +
      key.string() + "}}]}}\n");
  make_reload();
  look();
  EXPECT_THAT(names, ::testing::IsEmpty());
  fs::copy_file(keys / "p384.pub", key, fs::copy_options::overwrite_existing);
  look();
  EXPECT_THAT(names, ::testing::ElementsAre("signed"));
  fs::remove(key);
  look();
  EXPECT_EQ(reload->broken(), 1u);
  fs::copy_file(keys / "p256.pub", key);
  look();
  EXPECT_THAT(names, ::testing::ElementsAre("signed", "signed"));
}

}  // namespace
}  // namespace tegata::webhook
