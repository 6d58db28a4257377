// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/inclusion_proof.h"

#include <bit>

#include "verifier/crypto/hash_algorithm.h"

namespace tegata::verifier {
namespace {

std::string node(std::string_view left, std::string_view right) {
  std::string bytes(1, '\x01');
  bytes += left;
  bytes += right;
  return hash(HashAlgorithm::Sha256, bytes);
}

}  // namespace

std::string merkle_leaf_hash(std::string_view leaf) {
  std::string bytes(1, '\0');
  bytes += leaf;
  return hash(HashAlgorithm::Sha256, bytes);
}

// The path has two parts. Up to the level at which the leaf's ancestor is on the tree's right border, each
// bit of the index says on which side the sibling is; above it, siblings are always on the left, and stand
// only where the index has a bit.
std::optional<std::string> merkle_root(std::string_view leaf_hash, std::int64_t index, std::int64_t size,
                                       std::span<const std::string> hashes) {
  if (index < 0 || index >= size) return std::nullopt;
  const auto place = static_cast<std::uint64_t>(index);
  const auto inner = static_cast<std::size_t>(std::bit_width(place ^ static_cast<std::uint64_t>(size - 1)));
  const auto border = static_cast<std::size_t>(std::popcount(place >> inner));
  if (hashes.size() != inner + border) return std::nullopt;

  std::string root(leaf_hash);
  for (std::size_t level = 0; level < inner; ++level)
    root = (place >> level & 1) != 0 ? node(hashes[level], root) : node(root, hashes[level]);
  for (const std::string& left : hashes.subspan(inner)) root = node(left, root);
  return root;
}

}  // namespace tegata::verifier
