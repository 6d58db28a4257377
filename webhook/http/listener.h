// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::http {

/// A listening TCP socket. A second program on the same address fails (no SO_REUSEPORT).
class Listener {
 public:
  /// `address` is HOST:PORT, `[::1]:PORT` or `:PORT` (every address); port 0 selects a free one.
  /// Misconfigured, naming the address and the cause.
  [[nodiscard]] static Result<Listener> open(const std::string& address);
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  [[nodiscard]] int port() const noexcept { return port_; }
  /// The next connection, with TCP_NODELAY; waits for it, or until `wake_fd` can be read. -1 when woken.
  /// Errors of one connection, or of too many at once, do not end the listener.
  [[nodiscard]] int accept(int wake_fd) const;
  /// A connection that is waiting already, or -1.
  [[nodiscard]] int accept_waiting() const;
  void close() noexcept;

 private:
  Listener(int socket, int port) : socket_(socket), port_(port) {}
  int socket_;
  int port_;
};

}  // namespace tegata::webhook::http
