// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/unit/audit/temporary_folder.h"

namespace tegata::webhook {
namespace {

/// Lets files of this process grow to `bytes` and no further: a small full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(AuditFile, AppendsToWhatIsThereAndOthersMayNotReadIt) {
  const TemporaryFolder folder;
  {
    auto file = AuditFile::open(folder.file("log"));
    ASSERT_TRUE(file.ok());
    EXPECT_FALSE(file->append("one\n").error);
  }
  auto file = AuditFile::open(folder.file("log"));
  EXPECT_FALSE(file->append("two\n").error);
  EXPECT_EQ(folder.read("log"), "one\ntwo\n");
  struct stat about {};
  ASSERT_EQ(::stat(folder.file("log").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 077, 0u);
}

TEST(AuditFile, EndsALineThatAFormerProgramLeftTorn) {
  const TemporaryFolder folder;
  folder.write("log", "one\n{\"torn");
  auto file = AuditFile::open(folder.file("log"));
  EXPECT_FALSE(file->append("two\n").error);
  EXPECT_EQ(folder.read("log"), "one\n{\"torn\ntwo\n");
}

TEST(AuditFile, IsWrittenByOneProgramAtATime) {
  const TemporaryFolder folder;
  const auto first = AuditFile::open(folder.file("log"));
  const auto second = AuditFile::open(folder.file("log"));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::Misconfigured);
  EXPECT_NE(second.error().message.find("another program"), std::string::npos);
}

TEST(AuditFile, SaysWhyAFileCannotBeOpened) {
  const TemporaryFolder folder;
  for (const auto& path : {folder.file("no/such/folder"), folder.file("")}) {
    const auto file = AuditFile::open(path);
    ASSERT_FALSE(file.ok());
    EXPECT_NE(file.error().message.find(path), std::string::npos);
  }
}

TEST(AuditFile, IsRefusedAtOnceWhereNobodyReadsAFifo) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(AuditFile::open(folder.file("fifo")).ok());
}

TEST(AuditFile, FullDeviceIsAnError) {
  auto file = AuditFile::open("/dev/full");
  ASSERT_TRUE(file.ok());
  const auto appended = file->append("one\n");
  EXPECT_EQ(appended.bytes, 0u);
  ASSERT_TRUE(appended.error);
  EXPECT_EQ(appended.error->code, ErrorCode::Unavailable);
}

TEST(AuditFile, TakesBackTheBeginningOfALineThatDidNotFit) {
  const TemporaryFolder folder;
  auto file = AuditFile::open(folder.file("log"));
  {
    const FileSizeLimit limit(10);
    const auto appended = file->append("one\ntwo\nthree\n");
    EXPECT_EQ(appended.bytes, 10u);
    EXPECT_TRUE(appended.error);
    file->take_back(2);
    EXPECT_EQ(folder.read("log"), "one\ntwo\n");
  }
  EXPECT_FALSE(file->append("three\n").error);
  EXPECT_EQ(folder.read("log"), "one\ntwo\nthree\n");
}

TEST(AuditFile, EndsATornLineWhereItCannotBeTakenBack) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("fifo").c_str(), 0600), 0);
  const int reader = ::open(folder.file("fifo").c_str(), O_RDONLY | O_NONBLOCK);
  auto file = AuditFile::open(folder.file("fifo"));
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(file->append("{\"to").error);
  file->take_back(4);
  EXPECT_FALSE(file->append("two\n").error);
  char bytes[64];
  EXPECT_EQ(std::string(bytes, static_cast<std::size_t>(::read(reader, bytes, sizeof bytes))),
            "{\"to\ntwo\n");
  ::close(reader);
}

TEST(AuditFile, WaitsForTheReaderOfAPipeUntilItIsInterrupted) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("fifo").c_str(), 0600), 0);
  const int reader = ::open(folder.file("fifo").c_str(), O_RDONLY | O_NONBLOCK);
  auto file = AuditFile::open(folder.file("fifo"));
  ASSERT_TRUE(file.ok());
  const std::string more_than_a_pipe_holds(1 << 20, 'x');
  std::thread interrupter([&] { file->interrupt(); });
  const auto appended = file->append(more_than_a_pipe_holds);
  interrupter.join();
  EXPECT_TRUE(appended.error);
  EXPECT_LT(appended.bytes, more_than_a_pipe_holds.size());
  ::close(reader);
}

}  // namespace
}  // namespace tegata::webhook
