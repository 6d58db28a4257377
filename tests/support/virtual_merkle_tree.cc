// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_merkle_tree.h"

#include <bit>
#include <span>

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

using Leaves = std::span<const std::string>;

/// The largest power of two smaller than `size`.
std::size_t split(std::size_t size) { return std::bit_floor(size - 1); }

std::string tree_hash(Leaves leaves) {
  if (leaves.empty()) return hash_of("");
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split(leaves.size());
  return hash_of("\1" + tree_hash(leaves.first(k)) + tree_hash(leaves.subspan(k)));
}

std::vector<std::string> path(std::size_t index, Leaves leaves) {
  if (leaves.size() <= 1) return {};
  const std::size_t k = split(leaves.size());
  const bool left = index < k;
  auto hashes = left ? path(index, leaves.first(k)) : path(index - k, leaves.subspan(k));
  hashes.push_back(tree_hash(left ? leaves.subspan(k) : leaves.first(k)));
  return hashes;
}

}  // namespace

void VirtualMerkleTree::append(std::string_view leaf) {
  leaves_.push_back(hash_of(std::string(1, '\0') + std::string(leaf)));
}

std::string VirtualMerkleTree::root() const { return tree_hash(leaves_); }

std::vector<std::string> VirtualMerkleTree::audit_path(std::size_t index) const {
  return path(index, leaves_);
}

}  // namespace tegata::testing
