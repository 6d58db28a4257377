// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "verifier/evidence/cache_shard.h"

namespace tegata::verifier {

/// Counters of a cache since its construction, and its current size.
struct CacheCounts {
  std::uint64_t hits = 0;
  std::uint64_t flights = 0;    ///< fetches started
  std::uint64_t joins = 0;      ///< callers that waited for a fetch that another caller had started
  std::uint64_t evictions = 0;  ///< entries removed before they expired, to make room for others
  std::size_t entries = 0;
  std::size_t bytes = 0;
};

/// A cache of facts that cost I/O. Each fact has its own lifetime; concurrent callers share one fetch (a
/// flight).
///
/// Thread-safe, with one lock for each of 16 shards and no global lock. No code of the caller (clock, fetch,
/// waiter, destructor of a value) runs with a lock held. Holds at most `max_entries` entries of at most
/// `max_bytes` in total: above that, the least recently used entry of the new entry's shard is removed, or of
/// the next shard if that one is empty.
///
/// A flight owns what it needs and may outlive the FactCache.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class FactCache {
 public:
  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;
  using Answer = std::shared_ptr<const Value>;  ///< never null when returned

  /// The result of a fetch. It is served up to and including `lifetime` after the fetch ended; without a
  /// lifetime it is not kept, as with every failure. `bytes`: the size of the entry, counted against
  /// `max_bytes`.
  struct Outcome {
    Answer value;
    std::optional<Clock::duration> lifetime;
    std::size_t bytes = 0;
  };

 private:
  struct Core;
  struct Flight;

 public:
  /// Completes a flight: call it once, from any thread; later calls have no effect. If the last copy is
  /// destroyed without a call, the waiters get the `abandoned` value of the cache.
  class Completion {
   public:
    explicit Completion(std::shared_ptr<Flight> flight) : flight_(std::move(flight)) {}
    void operator()(Outcome outcome) const { flight_->complete(std::move(outcome)); }
    /// Those who wait for this flight, and who join it later; null if they are not known.
    [[nodiscard]] const std::shared_ptr<Askers>& askers() const noexcept { return flight_->askers; }

   private:
    std::shared_ptr<Flight> flight_;
  };

  FactCache(std::size_t max_entries, std::size_t max_bytes, Value abandoned, Now now = &Clock::now)
      : core_(std::make_shared<Core>(max_entries, max_bytes, std::move(abandoned), std::move(now))) {}

  /// The cached value if it has not expired, else null.
  [[nodiscard]] Answer find(const Key& key) const { return core_->find(key); }

  /// Calls `on_ready(answer)` once: immediately, on this thread, if the answer is cached; else when the
  /// flight for this key completes, on the completing thread. If there is no flight for the key, this call
  /// starts one: `start(completion)`, on this thread. Neither may throw. `askers`: who waits; may be null.
  template <typename Start, typename OnReady>
  void get(const Key& key, Start&& start, OnReady&& on_ready,
           const std::shared_ptr<Askers>& askers = nullptr);

  [[nodiscard]] CacheCounts counts() const noexcept { return core_->counts(); }

 private:
  std::shared_ptr<Core> core_;
};

template <typename Key, typename Value, typename Hash>
struct FactCache<Key, Value, Hash>::Core {
  using Shard = CacheShard<Key, Value, Hash>;
  static constexpr std::size_t kShards = 16;

  Core(std::size_t max_entries, std::size_t max_bytes, Value given_up, Now clock)
      : room(max_entries, max_bytes),
        abandoned(std::make_shared<const Value>(std::move(given_up))),
        now(std::move(clock)) {}

  static std::size_t shard_of(const Key& key) {
    // The high bits of a multiplicative hash, since the tables of the shards use the low bits.
    return static_cast<std::size_t>((std::uint64_t{Hash{}(key)} * 0x9E3779B97F4A7C15U) >> 60U);
  }

  void account(const typename Shard::Removed& removed) {
    for (const auto& entry : removed) room.give_back(entry.bytes);
  }

  Answer find(const Key& key) {
    const auto moment = now();
    typename Shard::Removed removed;
    auto& shard = shards[shard_of(key)];
    Answer answer;
    {
      const std::lock_guard lock(shard.mutex);
      answer = shard.find(key, moment, removed);
    }
    account(removed);
    if (answer) hits.fetch_add(1, std::memory_order_relaxed);
    return answer;
  }

  bool make_room(std::size_t first, std::size_t bytes) {
    if (!room.could_hold(bytes)) return false;
    std::size_t passed = 0;  // empty shards
    while (!room.take(bytes)) {
      typename Shard::Removed removed;
      auto& shard = shards[(first + passed) % kShards];
      {
        const std::lock_guard lock(shard.mutex);
        if (!shard.remove_least_recently_used(removed)) ++passed;
      }
      account(removed);
      evictions.fetch_add(removed.size(), std::memory_order_relaxed);
      if (passed == kShards)
        return false;  // other threads have taken all the room but not inserted their entries yet
    }
    return true;
  }

  void complete(const Key& key, Outcome outcome) {
    const auto index = shard_of(key);
    const bool kept = outcome.lifetime && make_room(index, outcome.bytes);
    const auto moment = now();
    typename Shard::Removed removed;
    typename Shard::Waiters waiters;
    {
      auto& shard = shards[index];
      const std::lock_guard lock(shard.mutex);
      if (auto flight = shard.flights.extract(key)) waiters = std::move(flight.mapped().waiters);
      if (kept) shard.insert(key, outcome.value, moment + *outcome.lifetime, outcome.bytes, removed);
    }
    account(removed);
    for (const auto& waiter : waiters) waiter(outcome.value);
  }

  CacheCounts counts() const noexcept {
    return {hits.load(), flights.load(), joins.load(), evictions.load(), room.entries(), room.bytes()};
  }

  CacheRoom room;
  const Answer abandoned;
  const Now now;
  std::array<Shard, kShards> shards;
  std::atomic<std::uint64_t> hits{0}, flights{0}, joins{0}, evictions{0};
};

/// Shared by the copies of one Completion.
template <typename Key, typename Value, typename Hash>
struct FactCache<Key, Value, Hash>::Flight {
  Flight(std::shared_ptr<Core> shared, const Key& wanted, std::shared_ptr<Askers> whom)
      : core(std::move(shared)), key(wanted), askers(std::move(whom)) {}
  ~Flight() { complete({core->abandoned, std::nullopt, 0}); }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  void complete(Outcome outcome) {
    if (!completed.test_and_set()) core->complete(key, std::move(outcome));
  }

  const std::shared_ptr<Core> core;
  const Key key;
  const std::shared_ptr<Askers> askers;
  std::atomic_flag completed;
};

template <typename Key, typename Value, typename Hash>
template <typename Start, typename OnReady>
void FactCache<Key, Value, Hash>::get(const Key& key, Start&& start, OnReady&& on_ready,
                                      const std::shared_ptr<Askers>& askers) {
  const auto core = core_;  // a waiter may destroy this cache
  const auto moment = core->now();
  typename Core::Shard::Removed removed;
  Answer kept;
  bool leads = false;
  std::shared_ptr<Askers> all;
  {
    auto& shard = core->shards[Core::shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    kept = shard.find(key, moment, removed);
    if (!kept) {
      const auto [flight, is_new] = shard.flights.try_emplace(key);
      flight->second.waiters.emplace_back(std::forward<OnReady>(on_ready));
      leads = is_new;
      if (leads) flight->second.askers = Askers::shared(askers);
      all = flight->second.askers;
    }
  }
  core->account(removed);
  (kept ? core->hits : leads ? core->flights : core->joins).fetch_add(1, std::memory_order_relaxed);
  if (kept)
    on_ready(kept);
  else if (leads)
    start(Completion(std::make_shared<Flight>(core, key, std::move(all))));
  else
    Askers::join(all, askers);
}

}  // namespace tegata::verifier
