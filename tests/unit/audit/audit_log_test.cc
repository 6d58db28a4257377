// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "tests/unit/audit/sample_records.h"
#include "tests/unit/audit/temporary_folder.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

/// Long enough that only a writer that is stuck lets a record wait this long.
Deadline patient() { return Deadline::after(std::chrono::seconds(20)); }
Deadline soon() { return Deadline::after(std::chrono::milliseconds(50)); }

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}
std::vector<json> of_kind(const std::vector<json>& lines, const std::string& kind) {
  std::vector<json> found;
  for (const auto& line : lines)
    if (line.at("kind") == kind) found.push_back(line);
  return found;
}

/// A FIFO that is read when the test says so, and not before.
class StuckReader {
 public:
  explicit StuckReader(const std::string& path) {
    if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no FIFO");
    fd_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  }
  ~StuckReader() { close(); }
  StuckReader(const StuckReader&) = delete;
  StuckReader& operator=(const StuckReader&) = delete;

  /// Nobody reads any more: writes fail from now on.
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  /// Everything until the log is closed.
  std::string read_until_closed() const {
    std::string all;
    char piece[65536];
    for (;;) {
      pollfd waiting{fd_, POLLIN, 0};
      ::poll(&waiting, 1, 20'000);
      const auto count = ::read(fd_, piece, sizeof piece);
      if (count == 0) return all;
      if (count > 0) all.append(piece, static_cast<std::size_t>(count));
    }
  }

 private:
  int fd_;
};

/// A record whose line does not fit into a pipe.
DecisionRecord larger_than_a_pipe(const std::string& id) {
  auto record = sample_record(id);
  record.verdict.warnings = {std::string(200'000, 'w')};
  return record;
}

TEST(AuditLog, ARecordThatIsConfirmedIsInTheFile) {
  const TemporaryFolder folder;
  const auto log = AuditLog::open(folder.file("log"));
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE((*log)->record(sample_record("01A"), patient()).ok());
  const auto lines = lines_of(folder.read("log"));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["kind"], "Evidence");
  EXPECT_EQ(lines[1]["kind"], "Facts");
  EXPECT_EQ(lines[2]["kind"], "DecisionRecord");
  EXPECT_EQ(lines[2]["facts"], json::array({lines[1]["hash"]}));
  EXPECT_EQ((*log)->counts().written, 1u);
}

TEST(AuditLog, WritesFactsAndEvidenceOnceInAFile) {
  const TemporaryFolder folder;
  const auto log = AuditLog::open(folder.file("log"));
  for (const char* id : {"01A", "01B", "01C"}) ASSERT_TRUE((*log)->record(sample_record(id), patient()).ok());
  auto other = sample_record("01D");
  other.facts.images.push_back(sample_facts("registry.example/other:1", "{\"answers\":[1]}"));
  ASSERT_TRUE((*log)->record(other, patient()).ok());
  const auto lines = lines_of(folder.read("log"));
  EXPECT_EQ(of_kind(lines, "Evidence").size(), 2u);
  EXPECT_EQ(of_kind(lines, "Facts").size(), 2u);
  EXPECT_EQ(of_kind(lines, "DecisionRecord").size(), 4u);
}

TEST(AuditLog, WritesFactsAboutTheRequestWithTheirEvidence) {
  const TemporaryFolder folder;
  const auto log = AuditLog::open(folder.file("log"));
  auto record = sample_record("01A");
  record.facts.request = sample_facts("", "{\"answers\":[2]}").facts;
  ASSERT_TRUE((*log)->record(record, patient()).ok());
  const auto lines = lines_of(folder.read("log"));
  const auto evidence = of_kind(lines, "Evidence");
  ASSERT_EQ(evidence.size(), 2u);
  EXPECT_EQ(evidence[1]["text"], "{\"answers\":[2]}");
  const auto facts = of_kind(lines, "Facts");
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[1]["facts"]["request"], true);
  EXPECT_EQ(facts[1]["facts"]["signatures"].size(), 1u);
  EXPECT_EQ(of_kind(lines, "DecisionRecord")[0]["facts"], json::array({facts[0]["hash"], facts[1]["hash"]}));
}

TEST(AuditLog, FullDiskIsAnErrorAndIsCountedAndToldLater) {
  const TemporaryFolder folder;
  const auto log = AuditLog::open(folder.file("log"));
  ASSERT_TRUE((*log)->record(sample_record("01A"), patient()).ok());
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  // Room for a part of one line more: the write is short before it fails.
  const rlimit limit{std::filesystem::file_size(folder.file("log")) + 100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  for (const char* id : {"01B", "01C"}) {
    const auto failed = (*log)->record(sample_record(id), patient());
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::Unavailable);
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE((*log)->record(sample_record("01D"), patient()).ok());
  EXPECT_TRUE((*log)->record(sample_record("01E"), patient()).ok());

  const auto records = of_kind(lines_of(folder.read("log")), "DecisionRecord");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0]["lostBefore"], 0);
  EXPECT_EQ(records[1]["id"], "01D");
  EXPECT_EQ(records[1]["lostBefore"], 2);
  EXPECT_EQ(records[2]["lostBefore"], 0);
  EXPECT_EQ((*log)->counts().lost, 2u);
  EXPECT_EQ((*log)->counts().failed, 2u);
}

TEST(AuditLog, FullDeviceLosesEveryRecordAndSaysSo) {
  const auto log = AuditLog::open("/dev/full");
  ASSERT_TRUE(log.ok());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE((*log)->record(sample_record("01A"), patient()).ok());
  EXPECT_EQ((*log)->counts().lost, 3u);
  EXPECT_EQ((*log)->counts().written, 0u);
}

TEST(AuditLog, WaitsForAStuckWriterUntilTheDeadlineAndNoLonger) {
  const TemporaryFolder folder;
  const StuckReader reader(folder.file("fifo"));
  const auto log = AuditLog::open(folder.file("fifo"), {.drain = std::chrono::milliseconds(1)});
  ASSERT_TRUE(log.ok());
  for (const char* id : {"01A", "01B"}) {
    const auto deadline = soon();
    const auto failed = (*log)->record(larger_than_a_pipe(id), deadline);
    EXPECT_TRUE(deadline.passed());
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::DeadlineExceeded);
  }
  // The first is being written and may still arrive; the second will not.
  EXPECT_EQ((*log)->counts().failed, 2u);
  EXPECT_EQ((*log)->counts().lost, 1u);
}

TEST(AuditLog, WaitsForAStuckWriterNoLongerThanUntilTheEnd) {
  const TemporaryFolder folder;
  const StuckReader reader(folder.file("fifo"));
  const auto log = AuditLog::open(folder.file("fifo"), {.drain = std::chrono::milliseconds(1)});
  ASSERT_TRUE(log.ok());
  Status recorded = done();
  std::thread caller([&] { recorded = (*log)->record(larger_than_a_pipe("01A"), patient()); });
  (*log)->end_by(Deadline::after(std::chrono::milliseconds(1)));
  caller.join();  // else after patient()
  ASSERT_FALSE(recorded.ok());
  EXPECT_EQ(recorded.error().code, ErrorCode::DeadlineExceeded);
}

TEST(AuditLog, SaysWhichRecordsCameTooLate) {
  const TemporaryFolder folder;
  const StuckReader reader(folder.file("fifo"));
  auto log = AuditLog::open(folder.file("fifo"), {.drain = std::chrono::milliseconds(20'000)});
  ASSERT_TRUE(log.ok());
  EXPECT_FALSE((*log)->record(larger_than_a_pipe("01A"), soon()).ok());
  EXPECT_FALSE((*log)->record(larger_than_a_pipe("01B"), soon()).ok());
  std::thread closer([&] { log->reset(); });
  const auto lines = lines_of(reader.read_until_closed());
  closer.join();
  const auto records = of_kind(lines, "DecisionRecord");
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0]["id"], "01A");
  ASSERT_EQ(of_kind(lines, "Unconfirmed").size(), 1u);
  EXPECT_EQ(of_kind(lines, "Unconfirmed")[0]["ids"], json::array({"01A"}));
}

TEST(AuditLog, ARecordThatAStalledFileDelaysIsConfirmedOnceItIsWritten) {
  const TemporaryFolder folder;
  const StuckReader reader(folder.file("fifo"));
  auto log = AuditLog::open(folder.file("fifo"));
  ASSERT_TRUE(log.ok());
  Status recorded = Error{ErrorCode::Internal, "not called"};
  std::thread caller([&] {
    recorded = (*log)->record(larger_than_a_pipe("01A"), patient());
    log->reset();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // much longer than a write takes
  const auto lines = lines_of(reader.read_until_closed());
  caller.join();
  EXPECT_TRUE(recorded.ok());
  EXPECT_EQ(of_kind(lines, "DecisionRecord").size(), 1u);
  EXPECT_EQ(of_kind(lines, "Unconfirmed").size(), 0u);
}

/// reopen(), and its result.
Result<bool> reopened(AuditLog& log) {
  std::promise<Result<bool>> result;
  log.reopen([&](const Result<bool>& changed) { result.set_value(changed); });
  return result.get_future().get();
}

TEST(AuditLog, AReopenedFileIsCompleteWithoutThePreviousOne) {
  const TemporaryFolder folder;
  const auto log = AuditLog::open(folder.file("log"));
  ASSERT_TRUE((*log)->record(sample_record("01A"), patient()).ok());
  std::filesystem::rename(folder.file("log"), folder.file("old"));
  ASSERT_TRUE((*log)->record(sample_record("01B"), patient()).ok());  // not noticed yet
  const auto changed = reopened(**log);
  ASSERT_TRUE(changed.ok());
  EXPECT_TRUE(*changed);
  for (const char* id : {"01C", "01D"}) ASSERT_TRUE((*log)->record(sample_record(id), patient()).ok());
  EXPECT_EQ(of_kind(lines_of(folder.read("old")), "DecisionRecord").size(), 2u);
  const auto lines = lines_of(folder.read("log"));
  EXPECT_EQ(of_kind(lines, "Evidence").size(), 1u);
  EXPECT_EQ(of_kind(lines, "Facts").size(), 1u);
  ASSERT_EQ(of_kind(lines, "DecisionRecord").size(), 2u);
  EXPECT_EQ(of_kind(lines, "DecisionRecord")[0]["id"], "01C");
}

TEST(AuditLog, ReopeningTheSameFileOrNoneKeepsIt) {
  const TemporaryFolder folder;
  const auto log = AuditLog::open(folder.file("log"));
  ASSERT_TRUE((*log)->record(sample_record("01A"), patient()).ok());
  const auto same = reopened(**log);
  ASSERT_TRUE(same.ok());
  EXPECT_FALSE(*same);
  std::filesystem::rename(folder.file("log"), folder.file("old"));
  std::filesystem::create_directory(folder.file("log"));
  EXPECT_FALSE(reopened(**log).ok());
  ASSERT_TRUE((*log)->record(sample_record("01B"), patient()).ok());
  EXPECT_EQ(of_kind(lines_of(folder.read("old")), "DecisionRecord").size(), 2u);
}

TEST(AuditLog, LosesNothingWhileItIsReopenedUnderLoad) {
  const TemporaryFolder folder;
  constexpr int kThreads = 4, kEach = 100;
  const auto log = AuditLog::open(folder.file("log"));
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i)
        EXPECT_TRUE(
            (*log)->record(sample_record(std::to_string(t) + "-" + std::to_string(i)), patient()).ok());
      --running;
    });
  int files = 0;
  while (running > 0) {
    std::filesystem::rename(folder.file("log"), folder.file("log." + std::to_string(files++)));
    ASSERT_TRUE(reopened(**log).ok());
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> ids;
  for (int i = 0; i <= files; ++i) {
    std::set<std::string> known;
    for (const auto& line : lines_of(folder.read(i == files ? "log" : "log." + std::to_string(i)))) {
      if (line["kind"] != "DecisionRecord") {
        known.insert(line["hash"].get<std::string>());
        continue;
      }
      ids.insert(line["id"].get<std::string>());
      for (const auto& hash : line["facts"]) EXPECT_TRUE(known.contains(hash.get<std::string>()));
    }
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kThreads * kEach));
}

TEST(AuditLog, RefusesAtOnceWhatTheQueueHasNoRoomFor) {
  const TemporaryFolder folder;
  StuckReader reader(folder.file("fifo"));
  const auto log =
      AuditLog::open(folder.file("fifo"), {.queue_entries = 2, .drain = std::chrono::milliseconds(1)});
  ASSERT_TRUE(log.ok());
  // The writer takes one or two and gets stuck; two wait; whatever comes then is one too many. Those
  // three or four are in flight until the log is closed, so a refusal shows that they are there.
  std::atomic<int> refused = 0;
  std::atomic<int> accepted_failed = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 6; ++i)
    callers.emplace_back([&] {
      const auto status = (*log)->record(larger_than_a_pipe("01A"), patient());
      ASSERT_FALSE(status.ok());
      status.error().code == ErrorCode::LimitExceeded ? ++refused : ++accepted_failed;
    });
  while (refused < 2) std::this_thread::yield();
  reader.close();
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(refused + accepted_failed, 6);
  EXPECT_LE(accepted_failed, 4);
  EXPECT_EQ((*log)->counts().lost, 6u);
}

TEST(AuditLog, ManyThreadsLoseNothingAndTearNothing) {
  const TemporaryFolder folder;
  constexpr int kThreads = 8, kEach = 50;
  {
    const auto log = AuditLog::open(folder.file("log"));
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          auto record = sample_record(std::to_string(t) + "-" + std::to_string(i));
          record.facts = {
              {sample_facts("registry.example/a:" + std::to_string(i % 5), std::to_string(i % 5))}};
          EXPECT_TRUE((*log)->record(record, patient()).ok());
        }
      });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ((*log)->counts().written, static_cast<std::uint64_t>(kThreads * kEach));
  }
  std::set<std::string> known, ids;
  for (const auto& line : lines_of(folder.read("log"))) {
    if (line["kind"] != "DecisionRecord") {
      EXPECT_TRUE(known.insert(line["hash"].get<std::string>()).second) << "written twice";
      continue;
    }
    ids.insert(line["id"].get<std::string>());
    for (const auto& hash : line["facts"])
      EXPECT_TRUE(known.contains(hash.get<std::string>())) << "referred to before it stands there";
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(known.size(), 10u);
}

TEST(AuditLog, ARestartMayRepeatContentsButNeverLeavesThemOut) {
  const TemporaryFolder folder;
  for (const char* id : {"01A", "01B"}) {
    const auto log = AuditLog::open(folder.file("log"));
    ASSERT_TRUE((*log)->record(sample_record(id), patient()).ok());
  }
  const auto lines = lines_of(folder.read("log"));
  EXPECT_EQ(of_kind(lines, "Facts").size(), 2u);
  EXPECT_EQ(of_kind(lines, "DecisionRecord").size(), 2u);
}

}  // namespace
}  // namespace tegata::webhook
