// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/reload.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::string config_of(const std::string& password) {
  return R"({"auths":{"h.test":{"username":"u","password":")" + password + R"("}}})";
}

/// A config.json laid out as Kubernetes mounts a Secret, and what follows it.
struct DockerConfigReloadTest : ::testing::Test {
  DockerConfigReloadTest() {
    fs::create_directories(folder);
    mount(config_of("first"));
    look();
  }
  ~DockerConfigReloadTest() override { fs::remove_all(folder); }

  /// What a kubelet does with a changed Secret: a new folder, and one link swapped to it.
  void mount(const std::string& text) {
    const auto version = folder / ("..version-" + std::to_string(++versions));
    fs::create_directory(version);
    std::ofstream(version / "config.json") << text;
    fs::create_directory_symlink(version.filename(), folder / "..new");
    fs::rename(folder / "..new", folder / "..data");
    if (!fs::is_symlink(file)) fs::create_symlink("..data/config.json", file);
  }
  void look(Watch::Look why = Watch::Look::Routine) { reload.look(why, time += 2s); }
  std::string password() const {
    const auto found = credentials->config()->find({"h.test", "a/b"});
    return found.ok() && *found ? std::string((*found)->password.reveal()) : "none";
  }

  fs::path folder = fs::temp_directory_path() / ("tegata-docker-" + std::to_string(::getpid()));
  fs::path file = folder / "config.json";
  int versions = 0;
  int told = 0;
  DockerConfigReload::Clock::time_point time = DockerConfigReload::Clock::now();
  std::shared_ptr<verifier::DockerCredentials> credentials = std::make_shared<verifier::DockerCredentials>();
  DockerConfigReload reload{credentials, file, [this](const verifier::DockerConfig&) { ++told; }};
};

TEST_F(DockerConfigReloadTest, UsesARotatedPasswordAtTheNextLook) {
  EXPECT_EQ(password(), "first");
  EXPECT_EQ(told, 0);
  mount(config_of("second"));
  look();
  EXPECT_EQ(password(), "second");
  EXPECT_EQ(told, 1);
  look();
  EXPECT_EQ(told, 1);
}

TEST_F(DockerConfigReloadTest, KeepsWhatItHasWhereTheFileCannotBeReadAndSaysSoOnce) {
  mount("{");
  testing::internal::CaptureStderr();
  look();
  look(Watch::Look::Asked);
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(password(), "first");
  const auto line = log.find("could not be read");
  ASSERT_NE(line, std::string::npos) << log;
  EXPECT_EQ(log.find("could not be read", line + 1), std::string::npos) << log;
  EXPECT_THAT(log, Not(HasSubstr("first")));
  mount(config_of("second"));
  look();
  EXPECT_EQ(password(), "second");
}

TEST_F(DockerConfigReloadTest, HasNoCredentialsOnceTheFileIsGone) {
  fs::remove(file);
  look();
  EXPECT_EQ(password(), "none");
}

TEST_F(DockerConfigReloadTest, ReadsAnUnchangedFileWhenAskedAndFromTimeToTime) {
  const auto forgotten = [&] {  // shows whether the file is read
    credentials->replace({});
    look();
    return password() == "none";
  };
  EXPECT_TRUE(forgotten());
  look(Watch::Look::Asked);
  EXPECT_EQ(password(), "first");
  EXPECT_TRUE(forgotten());
  reload.look(Watch::Look::Routine, time + kLookInside - 3s);
  EXPECT_EQ(password(), "none");
  reload.look(Watch::Look::Routine, time + kLookInside);
  EXPECT_EQ(password(), "first");
  EXPECT_EQ(told, 0);  // it says what it said before
}

}  // namespace
}  // namespace tegata::webhook
