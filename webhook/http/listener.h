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
  /// To be waited for.
  [[nodiscard]] int socket() const noexcept { return socket_; }
  /// Whether a connection is waiting.
  [[nodiscard]] bool has_waiting() const;
  struct Accepted {
    enum class State { Connection, None, OutOfDescriptors };
    State state;
    int socket = -1;  ///< non-blocking, with TCP_NODELAY
  };
  /// A connection that is waiting already. Connections that ended meanwhile are passed over. OutOfDescriptors
  /// (or memory) is worth another try when other connections have been closed.
  [[nodiscard]] Accepted accept_waiting() const;
  void close() noexcept;

 private:
  Listener(int socket, int port) : socket_(socket), port_(port) {}
  int socket_;
  int port_;
};

}  // namespace tegata::webhook::http
