// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace tegata::webhook {

/// The current version of an immutable object that is replaced as a whole. A user calls get() once per task
/// and keeps the pointer until it is done, so it never sees a mix of old and new. Thread-safe; the lock is
/// held while one pointer is copied.
template <typename T>
class Current {
 public:
  using Pointer = std::shared_ptr<const T>;

  explicit Current(Pointer first) : pointer_(std::move(first)) {}

  [[nodiscard]] Pointer get() const {
    const std::lock_guard lock(mutex_);
    return pointer_;
  }
  void replace(Pointer next) {
    {
      const std::lock_guard lock(mutex_);
      pointer_.swap(next);
    }
    // The old value may be destroyed here, outside the lock: its destructor can be slow.
  }

 private:
  mutable std::mutex mutex_;
  Pointer pointer_;
};

}  // namespace tegata::webhook
