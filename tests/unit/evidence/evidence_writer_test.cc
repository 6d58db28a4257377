// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "verifier/crypto/hash.h"
#include "verifier/evidence/evidence_store.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;

/// A disk that stalls until it is told to go on.
struct Disk {
  std::promise<void> go, writing;
  std::shared_future<void> gone = go.get_future().share();
  std::vector<std::string> written;
  bool first = true;
  EvidenceWriter::Write write() {
    return [this](const std::string& bytes) {
      if (std::exchange(first, false)) writing.set_value();
      gone.wait();
      written.push_back(bytes);
    };
  }
};

EvidencePruner no_pruner() { return EvidencePruner("/nonexistent", {}); }

TEST(EvidenceWriter, NeverWaitsForTheDiskAndCountsWhatDoesNotFit) {
  Disk disk;
  {
    EvidenceWriter writer(disk.write(), no_pruner(), {.entries = 2, .bytes = 10});
    writer.add("1");
    disk.writing.get_future().wait();  // it is being written, and its bytes still count
    writer.add("22");
    writer.add("4444444");
    EXPECT_EQ(writer.lost(), 0U);
    writer.add("5");  // entries
    EXPECT_EQ(writer.lost(), 1U);
    disk.go.set_value();
  }
  EXPECT_EQ(disk.written, (std::vector<std::string>{"1", "22", "4444444"}));
}

TEST(EvidenceWriter, BoundsTheBytesThatWait) {
  Disk disk;
  EvidenceWriter writer(disk.write(), no_pruner(), {.entries = 100, .bytes = 10});
  writer.add("1");
  disk.writing.get_future().wait();
  writer.add(std::string(10, 'x'));
  EXPECT_EQ(writer.lost(), 1U);
  writer.add(std::string(9, 'x'));
  EXPECT_EQ(writer.lost(), 1U);
  disk.go.set_value();
}

struct BackgroundStore : ::testing::Test {
  BackgroundStore() {
    auto name = (fs::temp_directory_path() / "tegata-writer-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~BackgroundStore() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(BackgroundStore, StoresEverythingBeforeItEnds) {
  {
    const auto store = *EvidenceStore::open(folder);
    store->write_in_background({});
    for (int i = 0; i < 100; ++i) store->store("bytes " + std::to_string(i));
    EXPECT_EQ(store->failures(), 0U);
  }
  const auto again = *EvidenceStore::open(folder);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(again->get(sha256("bytes " + std::to_string(i))).ok()) << i;
}

TEST_F(BackgroundStore, WhatIsUsedAgainIsDatedAnewAndNotPruned) {
  const auto date = [&](const Digest& digest, std::time_t seconds_ago) {
    const auto place = folder / digest.hex().substr(0, 2) / digest.hex();
    const timespec dated{std::time(nullptr) - seconds_ago, 0};
    const timespec times[2] = {dated, dated};
    EXPECT_EQ(::utimensat(AT_FDCWD, place.c_str(), times, 0), 0);
  };
  const auto store = *EvidenceStore::open(folder);
  const auto old = *store->put("old"), shared = *store->put("shared");
  date(old, 100 * 3600);
  date(shared, 100 * 3600);
  ASSERT_TRUE(store->put("shared").ok());
  EvidencePruner pruner(folder, {.max_age = std::chrono::hours(10)});
  while (pruner.step(std::time(nullptr))) continue;
  EXPECT_FALSE(store->get(old).ok());
  EXPECT_TRUE(store->get(shared).ok());
}

TEST_F(BackgroundStore, PrunesAtTheStart) {
  const auto old = *(*EvidenceStore::open(folder))->put("old");
  const auto place = folder / old.hex().substr(0, 2) / old.hex();
  const timespec times[2] = {{1'000'000, 0}, {1'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, place.c_str(), times, 0), 0);
  const auto store = *EvidenceStore::open(folder);
  store->write_in_background({.max_age = std::chrono::hours(10)});
  for (int i = 0; i < 3000 && fs::exists(place); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(fs::exists(place));
}

}  // namespace
}  // namespace tegata::verifier
