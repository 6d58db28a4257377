// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace tegata::verifier {

/// How much a cache may hold, counted over all its shards. Room is taken before an entry is put in,
/// so what is held never exceeds either bound. Thread-safe.
class CacheRoom {
 public:
  CacheRoom(std::size_t entries, std::size_t bytes) : max_entries_(entries), max_bytes_(bytes) {}

  /// Whether an empty cache could hold an entry of this size.
  [[nodiscard]] bool could_hold(std::size_t bytes) const noexcept {
    return max_entries_ > 0 && bytes <= max_bytes_;
  }
  /// Room for one entry; false where there is none.
  [[nodiscard]] bool take(std::size_t bytes) noexcept {
    if (!add(entries_, 1, max_entries_)) return false;
    if (add(bytes_, bytes, max_bytes_)) return true;
    entries_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  void give_back(std::size_t bytes) noexcept {
    entries_.fetch_sub(1, std::memory_order_relaxed);
    bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  [[nodiscard]] std::size_t entries() const noexcept { return entries_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  static bool add(std::atomic<std::size_t>& total, std::size_t amount, std::size_t bound) noexcept {
    auto before = total.load(std::memory_order_relaxed);
    do {
      if (amount > bound || before > bound - amount) return false;
    } while (!total.compare_exchange_weak(before, before + amount, std::memory_order_relaxed));
    return true;
  }

  const std::size_t max_entries_;
  const std::size_t max_bytes_;
  std::atomic<std::size_t> entries_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace tegata::verifier
