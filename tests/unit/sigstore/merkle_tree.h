// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "verifier/crypto/hash.h"

namespace tegata::testing {

using Leaves = std::span<const std::string>;

/// RFC 6962, section 2.1, word for word: the definition that audit paths are tested against.
inline std::string merkle_tree_hash(Leaves leaves) {
  const auto sha256 = [](const std::string& bytes) {
    return verifier::hash(verifier::HashAlgorithm::Sha256, bytes);
  };
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return sha256(std::string(1, '\0') + leaves[0]);
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return sha256('\x01' + merkle_tree_hash(leaves.first(k)) + merkle_tree_hash(leaves.subspan(k)));
}

/// PATH(m, D[n]) of section 2.1.1.
inline std::vector<std::string> audit_path(std::size_t m, Leaves leaves) {
  if (leaves.size() <= 1) return {};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const bool left = m < k;
  auto path = left ? audit_path(m, leaves.first(k)) : audit_path(m - k, leaves.subspan(k));
  path.push_back(merkle_tree_hash(left ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

}  // namespace tegata::testing
