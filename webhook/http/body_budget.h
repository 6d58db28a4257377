// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace tegata::webhook::http {

/// Bytes of request bodies that may be in memory at one time, over all connections.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes) : left_(static_cast<std::ptrdiff_t>(bytes)) {}

  /// What one request holds; given back when it ends.
  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget) {}
    ~Share() { budget_.left_ += static_cast<std::ptrdiff_t>(taken_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    /// False, taking nothing, where less than that is left.
    [[nodiscard]] bool take(std::size_t bytes) {
      const auto wanted = static_cast<std::ptrdiff_t>(bytes);
      if ((budget_.left_ -= wanted) < 0) {
        budget_.left_ += wanted;
        return false;
      }
      taken_ += bytes;
      return true;
    }

   private:
    BodyBudget& budget_;
    std::size_t taken_ = 0;
  };

 private:
  std::atomic<std::ptrdiff_t> left_;
};

}  // namespace tegata::webhook::http
