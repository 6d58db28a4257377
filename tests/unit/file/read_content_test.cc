// SPDX-License-Identifier: Apache-2.0
#include "verifier/file/read_content.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct ReadContentTest : ::testing::Test {
  ReadContentTest() {
    std::string made = (fs::temp_directory_path() / "tegata-read-XXXXXX").string();
    folder = mkdtemp(made.data());
  }
  ~ReadContentTest() override { fs::remove_all(folder); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    return (folder / name).string();
  }
  std::string fifo() const {
    const auto path = (folder / "fifo").string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return path;
  }
  fs::path folder;
};

TEST_F(ReadContentTest, ReadsAFileUpToItsBound) {
  const auto path = file("a", "12345");
  EXPECT_EQ(*read_content(path, 5), "12345");
  EXPECT_EQ(read_content(path, 4).error().code, ErrorCode::LimitExceeded);
  EXPECT_EQ(*read_content(file("empty", ""), 0), "");
}

TEST_F(ReadContentTest, ReadsAFileThatDoesNotTellItsSize) {
  const auto limits = read_content("/proc/self/limits", 1 << 20);
  ASSERT_TRUE(limits.ok());
  EXPECT_THAT(*limits, HasSubstr("Max open files"));
  EXPECT_EQ(read_content("/proc/self/limits", limits->size() - 1).error().code, ErrorCode::LimitExceeded);
}

TEST_F(ReadContentTest, NamesWhatIsNoFile) {
  EXPECT_EQ(read_content((folder / "none").string(), 5).error().code, ErrorCode::NotFound);
  const auto failed = read_content(folder.string(), 5);
  EXPECT_EQ(failed.error().code, ErrorCode::Misconfigured);
  EXPECT_THAT(failed.error().message, HasSubstr("directory"));
}

TEST_F(ReadContentTest, RefusesAFifoAtOnceWithAndWithoutAWriter) {
  const auto path = fifo();
  const auto alone = read_content(path, 5);
  EXPECT_EQ(alone.error().code, ErrorCode::Misconfigured);
  EXPECT_THAT(alone.error().message, HasSubstr("FIFO"));
  std::thread writer([&] { EXPECT_EQ(*read_content(path, 5, Pipes::Read), "abc"); });
  std::ofstream(path) << "abc";
  writer.join();
}

TEST_F(ReadContentTest, RefusesDevicesAndSockets) {
  for (const auto* device : {"/dev/zero", "/dev/null"}) {
    const auto failed = read_content(device, 5);
    ASSERT_FALSE(failed.ok()) << device;
    EXPECT_EQ(failed.error().code, ErrorCode::Misconfigured);
    EXPECT_THAT(failed.error().message, HasSubstr("device"));
  }
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = (folder / "s").string();
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const auto failed = read_content(path, 5);
  EXPECT_EQ(failed.error().code, ErrorCode::Misconfigured);
  EXPECT_THAT(failed.error().message, HasSubstr("socket"));
  ::close(socket);
}

TEST_F(ReadContentTest, ReadsADeviceUpToItsBoundForACommand) {
  EXPECT_EQ(read_content("/dev/zero", 5, Pipes::Read).error().code, ErrorCode::LimitExceeded);
  EXPECT_EQ(*read_content("/dev/null", 5, Pipes::Read), "");
}

}  // namespace
}  // namespace tegata::verifier
