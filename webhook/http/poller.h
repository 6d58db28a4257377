// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tegata::webhook::http {

/// An epoll instance. Each event is given to one thread, which must call await() before there is another for
/// the same socket. Thread-safe.
class Poller {
 public:
  enum class Interest { Read, Write };

  /// Throws std::runtime_error if the system has none.
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Adds a socket; closing it removes it. False if the system is out of memory.
  [[nodiscard]] bool add(int socket, std::uint64_t id);
  void await(int socket, std::uint64_t id, Interest interest);
  /// The id of the next event; none after `timeout`.
  [[nodiscard]] std::optional<std::uint64_t> wait(std::chrono::milliseconds timeout);
  /// From now on, wait() returns `id` at once, on every thread.
  void interrupt(std::uint64_t id);

 private:
  int epoll_;
  int interrupt_;  ///< an eventfd
};

}  // namespace tegata::webhook::http
