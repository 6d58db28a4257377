// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "policy/model/deadline.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tegata::webhook::http {

/// One accepted connection, with TLS or without. No member waits longer than its deadline.
/// Used by one thread.
class Connection {
 public:
  enum class Outcome { Ready, Closed, TimedOut, Woken };

  /// Owns `socket`, which becomes non-blocking. Without a `tls` context it is plain.
  Connection(int socket, ssl_ctx_st* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Returns Ready at once without TLS.
  [[nodiscard]] Outcome handshake(Deadline deadline);
  /// Waits until the socket is readable, or until `wake_fd` is readable if it is not -1.
  [[nodiscard]] Outcome wait_readable(Deadline deadline, int wake_fd);

  struct Read {
    Outcome outcome;
    std::size_t bytes = 0;  ///< above 0 if Ready
  };
  [[nodiscard]] Read read_some(char* into, std::size_t size, Deadline deadline);
  [[nodiscard]] Outcome write_all(std::string_view bytes, Deadline deadline);

  /// Graceful shutdown: sends close_notify and FIN, then reads and drops input until EOF or the deadline.
  /// Closing with unread input would send a reset, and the peer could lose the last reply.
  void close_gently(Deadline deadline);

 private:
  enum class Direction { Read, Write };
  [[nodiscard]] Outcome wait(Direction direction, Deadline deadline, int wake_fd) const;
  /// Waits for what an SSL call that returned `result` needs. Ready means: call it again.
  [[nodiscard]] Outcome retry_tls(int result, Deadline deadline);
  [[nodiscard]] Outcome retry_plain(Direction direction, Deadline deadline) const;

  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  int socket_;
  std::unique_ptr<ssl_st, Free> tls_;
  bool wants_tls_ = false;
  bool broken_ = false;  ///< after a fatal TLS error nothing may be sent, not even close_notify
};

}  // namespace tegata::webhook::http
