// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "webhook/http/connection.h"

namespace tegata::webhook::http {

/// The open connections. Thread-safe.
class ConnectionTable {
 public:
  using Clock = Connection::Clock;

  /// Of one connection, and later of another one. Lives as long as the table.
  struct Place {
    std::mutex mutex;  ///< of the connection; not held while a request is handled
    std::optional<Connection> connection;
    std::atomic<int> arming = 0;   ///< threads that have unlocked it, and are about to wait for its socket
    Place* next_parked = nullptr;  ///< of those that wait for a handler; not guarded by the mutex
  };
  /// A connection that no other thread uses, until it is unlocked.
  struct Locked {
    Place* place;
    std::unique_lock<std::mutex> lock;
  };

  explicit ConnectionTable(std::size_t max) : max_(max) { places_.reserve(max); }

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool full() const { return size() >= max_; }
  /// Owns `socket`. Closes it and returns none if full().
  [[nodiscard]] std::optional<Locked> add(int socket, Shared shared, Clock::time_point now,
                                          Clock::duration age);
  /// For an event of the connection. None if there is no connection, or if its request is being handled.
  [[nodiscard]] static std::optional<Locked> lock(Place& place);
  /// Unlocks the connection and calls `wait`, which has its socket polled. The thread that is woken up by
  /// that finds it unlocked, and until `wait` returns the connection is ended only by that thread.
  template <typename Wait>
  static void unlock_and(Locked locked, Wait wait) {
    auto& place = *locked.place;
    ++place.arming;
    locked.lock.unlock();
    wait();
    --place.arming;
  }
  /// Ends the connection.
  void remove(Locked locked);

  /// Calls `use` with each connection that no other thread uses at this moment.
  void for_each_unused(const std::function<void(Locked)>& use);

  /// Ends connections for new ones: those that have been silent the longest, for at least
  /// limits::kSilentConnection, and those that linger; then those that have never sent a complete request,
  /// for at least limits::kUnprovenConnection; then the one that has waited the longest for its next request.
  /// False if there is none of these.
  [[nodiscard]] bool make_room(Clock::time_point now);

  /// Waits until none is open.
  void wait_until_empty();

 private:
  struct Candidate {
    int rank;  ///< the lowest is ended first
    Clock::time_point since;
    Place* place;
  };
  [[nodiscard]] std::vector<Candidate> candidates(Clock::time_point now);

  const std::size_t max_;
  mutable std::mutex mutex_;  ///< locked after a Place's mutex
  std::condition_variable empty_;
  std::vector<std::unique_ptr<Place>> places_;  ///< its memory does not move
  std::vector<Place*> free_;
  std::size_t open_ = 0;
};

}  // namespace tegata::webhook::http
