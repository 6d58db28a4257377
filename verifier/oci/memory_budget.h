// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "policy/model/deadline.h"
#include "policy/model/result.h"
#include "verifier/net/askers.h"
#include "verifier/net/turn_queue.h"

namespace tegata::verifier {

/// The bytes that the process may hold in manifests and candidates that are being fetched and examined.
///
/// Requests for memory are granted in the turns of their askers (turn_queue.h), in two lanes: an eighth of
/// all bytes is for those of at most limits::kSmallReservation, so that an ordinary image does not wait
/// behind a large one. A user who holds as much of a lane as is free is granted no more, so that
/// there is always some for others: the answers of hosts that hang keep their memory. One who waits for more
/// than is free lets others pass. Who holds a reservation of a lane must not wait for that lane;
/// who holds a large one must not wait at all. Otherwise two could wait for each other. Thread-safe.
class MemoryBudget : public std::enable_shared_from_this<MemoryBudget> {
 public:
  using Clock = Deadline::Clock;
  /// Runs a task at that time or shortly after, on any thread, in the turn of the askers.
  using At =
      std::function<void(Clock::time_point when, std::function<void()> task, std::shared_ptr<Askers> askers)>;

  /// Memory that the holder may use until this is destroyed.
  class Reservation {
   public:
    Reservation() = default;
    Reservation(Reservation&& other) noexcept { *this = std::move(other); }
    Reservation& operator=(Reservation&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      std::swap(lane_, other.lane_);
      std::swap(user_, other.user_);
      return *this;
    }
    ~Reservation() { shrink(0); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    /// Gives back all above `bytes`.
    void shrink(std::size_t bytes);

   private:
    friend class MemoryBudget;
    Reservation(std::shared_ptr<MemoryBudget> budget, std::size_t lane, std::string user, std::size_t bytes)
        : budget_(std::move(budget)), lane_(lane), user_(std::move(user)), bytes_(bytes) {}
    std::shared_ptr<MemoryBudget> budget_;
    std::size_t lane_ = 0;
    std::string user_;
    std::size_t bytes_ = 0;
  };
  /// CutShort: the deadline passed first.
  using Done = std::function<void(Result<Reservation>)>;

  /// `at` is used for deadlines; it may be called until the last reserve() has returned.
  [[nodiscard]] static std::shared_ptr<MemoryBudget> of(std::size_t bytes, At at) {
    return std::shared_ptr<MemoryBudget>(new MemoryBudget(bytes, std::move(at)));
  }

  /// Calls `done` once: at once, at the deadline, or on the thread that gives memory back. While it waits,
  /// its askers are delayed. `done` must neither block nor throw. More bytes than a lane has are granted when
  /// the lane is not used otherwise.
  void reserve(std::size_t bytes, Terms terms, Done done);
  /// Without waiting: none if there is no room. A small one may be taken from the lane
  /// of the large ones. `askers` may be null.
  [[nodiscard]] std::optional<Reservation> try_reserve(std::size_t bytes,
                                                       const std::shared_ptr<Askers>& askers = nullptr);

  /// Bytes that are reserved now.
  [[nodiscard]] std::size_t used() const;

 private:
  struct Waiter;
  using Waiting = TurnQueue<std::shared_ptr<Waiter>>;
  /// What a user holds in a lane.
  struct User {
    std::size_t bytes = 0;
    std::uint64_t turn = 0;                  ///< the number of the last one
    std::shared_ptr<Waiter> next = nullptr;  ///< whose turn it is
  };
  struct Lane {
    std::size_t size = 0;
    std::size_t used = 0;
    std::uint64_t turns = 0;
    std::map<std::string, User> users = {};  ///< those who hold or wait
    Waiting waiting = Waiting();
    [[nodiscard]] bool has_room(std::size_t bytes) const { return bytes <= size - used; }
    [[nodiscard]] bool may_hold_more(const User& user) const { return user.bytes < size - used; }
    void hold(User& user, std::size_t bytes) {
      used += bytes;
      user.bytes += bytes;
      user.turn = ++turns;
    }
    /// Takes the room for the waiter whose turn it is, if it fits.
    [[nodiscard]] std::shared_ptr<Waiter> next_ready(std::string& user);
  };

  MemoryBudget(std::size_t bytes, At at);
  [[nodiscard]] static std::size_t lane_of(std::size_t bytes) noexcept;
  [[nodiscard]] std::optional<Reservation> take_now(std::size_t lane, const std::string& user,
                                                    std::size_t bytes);
  void give_back(std::size_t lane, const std::string& user, std::size_t bytes);
  void expire(std::size_t lane, const std::weak_ptr<Waiter>& late, const Waiting::Ticket& ticket);
  void grant();

  const At at_;
  mutable std::mutex mutex_;
  std::array<Lane, 2> lanes_;  ///< of small and of large reservations
  bool granting_ = false;      ///< a thread is calling waiters; it will see what others give back
};

}  // namespace tegata::verifier
