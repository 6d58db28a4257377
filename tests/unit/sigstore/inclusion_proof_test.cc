// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/inclusion.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/sigstore/merkle_tree.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using namespace verifier;

constexpr std::size_t kSizes = 65;

std::vector<std::string> leaves_of(std::size_t count) {
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back("leaf " + std::to_string(i));
  return leaves;
}

// Calls `each(size, index, leaf hash, path, root)` for every leaf of every tree.
template <typename Each>
void for_each_leaf(Each each) {
  const auto all = leaves_of(kSizes);
  for (std::size_t size = 1; size <= kSizes; ++size) {
    const Leaves leaves = Leaves(all).first(size);
    const std::string root = merkle_tree_hash(leaves);
    for (std::size_t index = 0; index < size; ++index)
      each(static_cast<std::int64_t>(size), static_cast<std::int64_t>(index), merkle_leaf_hash(leaves[index]),
           audit_path(index, leaves), root);
  }
}

// Known answers that several implementations of RFC 6962 test with.
TEST(MerkleTree, HashesAreThoseOfRfc6962) {
  EXPECT_EQ(encode_hex(merkle_leaf_hash("")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  const std::vector<std::string> two = {"", std::string(1, '\0')};
  EXPECT_EQ(encode_hex(merkle_tree_hash(two)),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

TEST(MerkleRoot, IsTheTreesForEveryLeafOfEveryTree) {
  for_each_leaf([](auto size, auto index, const auto& leaf, const auto& path, const auto& root) {
    EXPECT_EQ(merkle_root(leaf, index, size, path), root) << index << " of " << size;
  });
}

TEST(MerkleRoot, IsAnotherWithAnyHashFlipped) {
  for_each_leaf([](auto size, auto index, const auto& leaf, const auto& path, const auto& root) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      auto flipped = path;
      flipped[i][i % flipped[i].size()] ^= 1;
      EXPECT_NE(merkle_root(leaf, index, size, flipped), root) << index << " of " << size;
    }
    std::string other = leaf;
    other[0] ^= 1;
    EXPECT_NE(merkle_root(other, index, size, path), root) << index << " of " << size;
  });
}

TEST(MerkleRoot, IsAnotherAtEveryOtherIndex) {
  for_each_leaf([](auto size, auto index, const auto& leaf, const auto& path, const auto& root) {
    for (std::int64_t other = 0; other < size; ++other) {
      if (other == index) continue;
      EXPECT_NE(merkle_root(leaf, other, size, path), root) << index << " of " << size << " at " << other;
    }
  });
}

TEST(MerkleRoot, ThereIsNoneWithAHashTooManyOrTooFew) {
  for_each_leaf([](auto size, auto index, const auto& leaf, const auto& path, const auto& root) {
    auto longer = path;
    longer.push_back(root);
    EXPECT_EQ(merkle_root(leaf, index, size, longer), std::nullopt);
    if (path.empty()) return;
    auto shorter = path;
    shorter.pop_back();
    EXPECT_EQ(merkle_root(leaf, index, size, shorter), std::nullopt) << index << " of " << size;
  });
}

TEST(MerkleRoot, ThereIsNoneOutsideOfTheTree) {
  const auto leaf = merkle_leaf_hash("");
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  const std::pair<std::int64_t, std::int64_t> table[] = {
      {1, 1},   {2, 1},  {0, 0},         {-1, 1},
      {-1, -1}, {0, -1}, {kMost, kMost}, {std::numeric_limits<std::int64_t>::min(), 1}};
  for (const auto& [index, size] : table)
    for (std::size_t count = 0; count < 65; ++count)
      EXPECT_EQ(merkle_root(leaf, index, size, std::vector<std::string>(count, leaf)), std::nullopt) << index;
}

TEST(MerkleRoot, IsThereInTheLargestTrees) {
  const auto leaf = merkle_leaf_hash("");
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(merkle_root(leaf, 0, kMost, std::vector<std::string>(63, leaf)));
  EXPECT_FALSE(merkle_root(leaf, 0, kMost, std::vector<std::string>(62, leaf)));
  EXPECT_FALSE(merkle_root(leaf, 0, kMost, std::vector<std::string>(64, leaf)));
}

}  // namespace
}  // namespace tegata::testing
