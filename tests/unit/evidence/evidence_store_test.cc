// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_store.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;

class EvidenceStoreTest : public ::testing::Test {
 protected:
  EvidenceStoreTest() {
    auto name = (fs::temp_directory_path() / "tegata-evidence-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    store_ = *EvidenceStore::open(folder_ / "evidence");
  }
  ~EvidenceStoreTest() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }
  [[nodiscard]] fs::path place_of(const Digest& digest) const {
    return folder_ / "evidence" / digest.hex().substr(0, 2) / digest.hex();
  }
  static void write(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) count += entry.is_regular_file();
    return count;
  }

  fs::path folder_;
  std::shared_ptr<EvidenceStore> store_;
};

TEST_F(EvidenceStoreTest, GivesBackTheBytesUnderTheirHash) {
  for (const auto& bytes : {std::string("{}"), std::string(), std::string("a\0b\xff", 4)}) {
    const auto digest = store_->put(bytes);
    ASSERT_TRUE(digest.ok());
    EXPECT_EQ(*digest, sha256(bytes));
    EXPECT_TRUE(fs::exists(place_of(*digest)));
    EXPECT_EQ(*store_->get(*digest), bytes);
  }
}

TEST_F(EvidenceStoreTest, StoresTheSameBytesOnce) {
  ASSERT_TRUE(store_->put("same").ok());
  ASSERT_TRUE(store_->put("same").ok());
  EXPECT_EQ(files(), 1U) << "and no temporary file stays";
}

TEST_F(EvidenceStoreTest, SaysNotFoundOfWhatItDoesNotHold) {
  EXPECT_EQ(store_->get(sha256("never stored")).error().code, ErrorCode::NotFound);
}

TEST_F(EvidenceStoreTest, NoticesBytesThatAreNotThoseOfTheirName) {
  const auto digest = *store_->put("the truth");
  write(place_of(digest), "not truth");
  EXPECT_EQ(store_->get(digest).error().code, ErrorCode::Malformed);
}

TEST_F(EvidenceStoreTest, WritesAnewWhatAPowerCutLeftShort) {
  const auto digest = *store_->put("whole");
  write(place_of(digest), "wh");
  EXPECT_EQ(store_->get(digest).error().code, ErrorCode::Malformed);
  ASSERT_TRUE(store_->put("whole").ok());
  EXPECT_EQ(*store_->get(digest), "whole");
}

TEST_F(EvidenceStoreTest, TakesAFileAtTheBoundAndNoneAboveIt) {
  std::string bytes(limits::kEvidenceFile, 'x');
  const auto digest = store_->put(bytes);
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(store_->get(*digest)->size(), limits::kEvidenceFile);
  EXPECT_EQ(store_->failures(), 0U);
  bytes.push_back('x');
  EXPECT_EQ(store_->put(bytes).error().code, ErrorCode::LimitExceeded);
  EXPECT_EQ(store_->failures(), 1U);

  write(place_of(*digest), bytes);
  EXPECT_EQ(store_->get(*digest).error().code, ErrorCode::LimitExceeded);
}

TEST_F(EvidenceStoreTest, CountsWhatItCouldNotStore) {
  // A file stands where the folder of these bytes would be: true for root, too.
  const auto digest = sha256("lost");
  write(place_of(digest).parent_path(), "in the way");
  const auto put = store_->put("lost");
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(store_->failures(), 1U);
  EXPECT_EQ(files(), 1U) << "no temporary file stays";
}

TEST_F(EvidenceStoreTest, RefusesAFolderThatCannotBeMade) {
  write(folder_ / "file", "");
  const auto opened = EvidenceStore::open(folder_ / "file" / "evidence");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::Misconfigured);
}

TEST_F(EvidenceStoreTest, IsWrittenFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this] {
      for (int i = 0; i < 50; ++i) EXPECT_TRUE(store_->put("bytes " + std::to_string(i)).ok());
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(files(), 50U);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(store_->get(sha256("bytes " + std::to_string(i))).ok());
}

}  // namespace
}  // namespace tegata::verifier
