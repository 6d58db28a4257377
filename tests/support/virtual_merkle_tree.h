// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tegata::testing {

/// A Merkle tree by the recursive definitions of RFC 6962, section 2.1, which nothing else here uses.
class VirtualMerkleTree {
 public:
  void append(std::string_view leaf);
  [[nodiscard]] std::size_t size() const noexcept { return leaves_.size(); }
  [[nodiscard]] std::string root() const;
  [[nodiscard]] std::vector<std::string> audit_path(std::size_t index) const;

 private:
  std::vector<std::string> leaves_;  ///< their hashes
};

}  // namespace tegata::testing
