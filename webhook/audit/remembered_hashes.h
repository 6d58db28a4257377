// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

namespace tegata::webhook {

/// The last `bound` hashes that were added; older ones are forgotten.
class RememberedHashes {
 public:
  explicit RememberedHashes(std::size_t bound) : bound_(bound) {}

  [[nodiscard]] bool contains(const std::string& hash) const { return known_.contains(hash); }
  void add(const std::string& hash) {
    if (!known_.insert(hash).second) return;
    order_.push_back(hash);
    if (order_.size() <= bound_) return;
    known_.erase(order_.front());
    order_.pop_front();
  }

 private:
  std::size_t bound_;
  std::unordered_set<std::string> known_;
  std::deque<std::string> order_;  ///< oldest first
};

}  // namespace tegata::webhook
