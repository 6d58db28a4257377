// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/key_ring.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

const std::string kKeys = TEGATA_TESTDATA "/sigstore/keys/";

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class KeyRingFile : public ::testing::Test {
 protected:
  ~KeyRingFile() override { std::filesystem::remove(path_); }
  void write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  const std::string path_ =
      (std::filesystem::temp_directory_path() / ("tegata-key-" + std::to_string(getpid()))).string();
};

TEST(KeyRing, GivesOneKeyTheSameNameFromEveryFile) {
  KeyRing ring;
  const auto first = ring.add_file(kKeys + "p256.pub");
  const auto again = ring.add_file(kKeys + "../keys/p256.pub");
  const auto other = ring.add_file(kKeys + "p256-other.pub");
  ASSERT_TRUE(first.ok() && again.ok() && other.ok());
  EXPECT_EQ(*first, *again);
  EXPECT_NE(*first, *other);
  ASSERT_NE(ring.find(*first), nullptr);
  EXPECT_EQ(ring.find(*first)->algorithm(), "ECDSA P-256");
  EXPECT_EQ(ring.find(Digest(Digest::Bytes{})), nullptr);
}

TEST_F(KeyRingFile, IsReadOnce) {
  write(read(kKeys + "p256.pub"));
  KeyRing ring;
  const auto first = ring.add_file(path_);
  write(read(kKeys + "p384.pub"));
  const auto second = ring.add_file(path_);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, *second);
}

TEST(KeyRing, NamesTheFileThatItCannotRead) {
  KeyRing ring;
  for (const std::string& path : {std::string("/nonexistent/key.pub"), kKeys + "p384.pem", kKeys}) {
    const auto key = ring.add_file(path);
    ASSERT_FALSE(key.ok()) << path;
    EXPECT_TRUE(key.error().message.starts_with(path)) << key.error().message;
  }
}

TEST_F(KeyRingFile, IsReadUpToTheBoundAndNoFurther) {
  std::string pem = read(kKeys + "p256.pub");
  pem.append(limits::kKeyFile - pem.size(), '\n');
  write(pem);
  EXPECT_TRUE(KeyRing().add_file(path_).ok());
  write(pem + "\n");
  const auto key = KeyRing().add_file(path_);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace tegata::verifier
