// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace tegata::webhook::http {

/// Threads that each wait for an event and serve it themselves, so that no request is handed from one thread
/// to another. A thread that is held up in a handler is replaced by another one, so that the number of
/// threads that wait for events stays the same.
class ThreadCrew {
 public:
  using Clock = std::chrono::steady_clock;
  /// Waits for one event and serves it; false if there was none for a while. Must not throw.
  using Turn = std::function<bool()>;

  struct Settings {
    std::size_t waiting;   ///< threads that wait for events, or serve one briefly
    std::size_t handlers;  ///< threads that may be in a handler at one time, at least 1
  };
  /// `all_handling` is called when the last thread enters a handler: replace_held_up() should then be called
  /// every kHeldUp. It must not throw.
  ThreadCrew(Settings settings, Turn turn, std::function<void()> all_handling);
  /// As finish().
  ~ThreadCrew() { finish(); }
  ThreadCrew(const ThreadCrew&) = delete;
  ThreadCrew& operator=(const ThreadCrew&) = delete;

  /// Throws std::system_error if there is no thread at all.
  void start();

  /// Whether the calling thread of the crew may enter a handler now; false at `handlers`.
  [[nodiscard]] bool enter_handler();
  void leave_handler();
  [[nodiscard]] std::size_t handling() const noexcept { return handling_; }
  [[nodiscard]] bool all_handling() const noexcept { return handling_ >= size_; }

  /// A handler that has waited longer holds its thread up. One that computes, or waits for a CPU, is given
  /// ten times as long: on a busy machine, more threads would only take the CPUs from each other.
  static constexpr std::chrono::milliseconds kHeldUp{5};
  /// Starts two threads for each that is held up, at most as many as there may be handlers. Those that are no
  /// longer needed end.
  void replace_held_up(Clock::time_point now);

  /// Joins all threads. Every turn must return soon.
  void finish();

 private:
  struct Member {
    std::thread thread;
    std::atomic<int> system_id = 0;              ///< 0: has not begun
    std::atomic<Clock::rep> handling_since = 0;  ///< 0: not in a handler
    bool ended = false;
  };
  void run(Member& member);
  /// Called under the lock.
  [[nodiscard]] bool add();
  /// Whether this thread is one too many, with `wanted` threads.
  [[nodiscard]] bool retire(Member& member, std::size_t wanted);
  [[nodiscard]] static bool is_held_up(const Member& member, Clock::time_point now);
  void join_ended();

  static thread_local Member* self_;

  const Settings settings_;
  const Turn turn_;
  const std::function<void()> all_handling_;
  std::mutex mutex_;
  std::list<Member> members_;
  std::atomic<std::size_t> size_ = 0;    ///< members that have not ended
  std::atomic<std::size_t> wanted_ = 0;  ///< as replace_held_up() saw it, and somewhat more for a while
  std::atomic<std::size_t> handling_ = 0;
  std::atomic<bool> finishing_ = false;
};

}  // namespace tegata::webhook::http
