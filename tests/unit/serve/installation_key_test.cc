// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/installation_key.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace tegata::webhook {
namespace {

namespace fs = std::filesystem;

struct InstallationKey : ::testing::Test {
  InstallationKey() {
    std::string name = (fs::temp_directory_path() / "tegata-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  ~InstallationKey() override { fs::remove_all(folder); }
  std::string hash(const std::string& state_dir) const {
    const auto hasher = installation_hasher(state_dir);
    EXPECT_TRUE(hasher.ok()) << hasher.error().message;
    return (*hasher)("value");
  }
  fs::path folder;
};

TEST_F(InstallationKey, OutlivesTheProcessWhereThereIsAStateFolder) {
  const auto state = (folder / "new" / "state").string();
  EXPECT_EQ(hash(state), hash(state));
  EXPECT_NE(hash(state), hash((folder / "other").string()));
  struct stat status {};
  ASSERT_EQ(::stat((state + "/value-hash.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(state), fs::directory_iterator()), 1);
}

TEST_F(InstallationKey, IsNewForEachProcessWithoutAStateFolder) { EXPECT_NE(hash(""), hash("")); }

TEST_F(InstallationKey, IsOneForAllWhoMakeItAtOnce) {
  std::vector<std::string> hashes(8);
  std::vector<std::thread> threads;
  for (auto& mine : hashes) threads.emplace_back([&] { mine = hash(folder.string()); });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(hashes, ::testing::Each(hashes.front()));
}

TEST_F(InstallationKey, RefusesAFileThatIsNoKey) {
  std::ofstream(folder / "value-hash.key") << "short";
  EXPECT_EQ(installation_hasher(folder.string()).error().code, ErrorCode::Misconfigured);
}

}  // namespace
}  // namespace tegata::webhook
