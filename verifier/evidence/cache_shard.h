// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "verifier/net/askers.h"

namespace tegata::verifier {

/// The size limits of a cache, counted over all its shards. Room is taken before an entry is inserted, so the
/// cache never exceeds either limit. Thread-safe.
class CacheRoom {
 public:
  CacheRoom(std::size_t entries, std::size_t bytes) : max_entries_(entries), max_bytes_(bytes) {}

  /// Whether an empty cache could hold an entry of this size.
  [[nodiscard]] bool could_hold(std::size_t bytes) const noexcept {
    return max_entries_ > 0 && bytes <= max_bytes_;
  }
  /// Takes room for one entry; false if there is none.
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

/// One shard of a FactCache: entries from the most to the least recently used, and the flights in progress.
/// All other members are read and written with `mutex` held.
template <typename Key, typename Value, typename Hash>
class CacheShard {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  using Answer = std::shared_ptr<const Value>;
  using Waiters = std::vector<std::function<void(const Answer&)>>;
  /// A fetch in progress, for those who wait for it.
  struct Flying {
    Waiters waiters;
    std::shared_ptr<Askers> askers;
  };

  struct Entry {
    const Key* key;  ///< lives in index_
    Answer value;
    Moment last;  ///< served up to and including this moment
    std::size_t bytes;
  };
  /// Removed entries. Destroyed by the caller without holding the lock.
  using Removed = std::list<Entry>;

  std::mutex mutex;

  /// Null if the entry does not exist or has expired; an expired one is moved to `removed`.
  Answer find(const Key& key, Moment now, Removed& removed) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    if (now > found->second->last) {
      take_out(found, removed);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  void insert(const Key& key, Answer value, Moment last, std::size_t bytes, Removed& removed) {
    if (const auto old = index_.find(key); old != index_.end()) take_out(old, removed);
    const auto slot = index_.emplace(key, entries_.end()).first;
    entries_.push_front(Entry{&slot->first, std::move(value), last, bytes});
    slot->second = entries_.begin();
  }

  /// False if the shard is empty.
  bool remove_least_recently_used(Removed& removed) {
    if (entries_.empty()) return false;
    take_out(index_.find(*entries_.back().key), removed);
    return true;
  }

  std::unordered_map<Key, Flying, Hash> flights;

 private:
  using Index = std::unordered_map<Key, typename std::list<Entry>::iterator, Hash>;

  void take_out(typename Index::iterator found, Removed& removed) {
    removed.splice(removed.end(), entries_, found->second);
    removed.back().key = nullptr;
    index_.erase(found);
  }

  std::list<Entry> entries_;
  Index index_;
};

}  // namespace tegata::verifier
