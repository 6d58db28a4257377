// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <utility>

namespace tegata::testing {

/// A value that a test sets while a server's thread may read it.
template <typename T>
class Guarded {
 public:
  Guarded() = default;
  Guarded(T value) : value_(std::move(value)) {}
  Guarded& operator=(T value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
    return *this;
  }
  [[nodiscard]] T get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace tegata::testing
