// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

#include "policy/model/limits.h"

namespace tegata::webhook::http {

/// Bounds the bytes of all requests in memory, over all connections. A quarter is kept for requests up to
/// limits::kSmallBody, so that a few large ones cannot keep all others out. Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes)
      : left_(static_cast<std::ptrdiff_t>(bytes)), kept_(static_cast<std::ptrdiff_t>(bytes / 4)) {}

  /// The largest request that can ever fit.
  [[nodiscard]] std::size_t largest() const noexcept { return static_cast<std::size_t>(kept_) * 3; }
  /// Whether a whole request of this size would fit now. Nothing is taken.
  [[nodiscard]] bool fits(std::size_t request) const {
    return left_ - static_cast<std::ptrdiff_t>(request) >= kept_for_others(request);
  }
  /// Less than half is left.
  [[nodiscard]] bool scarce() const { return left_ < kept_ * 2; }

  /// The bytes that one connection holds; released by the destructor.
  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget) {}
    ~Share() { release(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    /// Bytes of a request of `request` bytes that have arrived. False, without taking any, if they do not
    /// fit.
    [[nodiscard]] bool take(std::size_t bytes, std::size_t request) {
      const auto wanted = static_cast<std::ptrdiff_t>(bytes);
      if ((budget_.left_ -= wanted) < budget_.kept_for_others(request)) {
        budget_.left_ += wanted;
        return false;
      }
      taken_ += wanted;
      return true;
    }
    void release() {
      if (taken_ != 0) budget_.left_ += taken_;
      taken_ = 0;
    }

   private:
    BodyBudget& budget_;
    std::ptrdiff_t taken_ = 0;
  };

 private:
  [[nodiscard]] std::ptrdiff_t kept_for_others(std::size_t request) const noexcept {
    return request > limits::kSmallBody ? kept_ : 0;
  }

  std::atomic<std::ptrdiff_t> left_;
  const std::ptrdiff_t kept_;
};

}  // namespace tegata::webhook::http
