// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace tegata::webhook {

/// What holds now, of something immutable that is replaced as a whole. Whoever works with it takes it
/// once, and keeps what it took until it is done: nobody sees half of the old and half of the new.
/// Thread-safe; the lock is held for the copy of one pointer.
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
    // `next`, now the old one, ends here at the earliest: without the lock, since its end may take time.
  }

 private:
  mutable std::mutex mutex_;
  Pointer pointer_;
};

}  // namespace tegata::webhook
