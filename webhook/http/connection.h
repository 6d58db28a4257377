// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "policy/model/deadline.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tegata::webhook::http {

/// One accepted connection, with TLS or without. Nothing here waits longer than its deadline.
/// Used by one thread.
class Connection {
 public:
  enum class Outcome { Ready, Closed, TimedOut, Woken };

  /// Owns `socket`, which becomes non-blocking. Without a `tls` context it is plain.
  Connection(int socket, ssl_ctx_st* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Ready at once where there is no TLS.
  [[nodiscard]] Outcome handshake(Deadline deadline);
  /// Waits until bytes can be read, or (where `wake_fd` is not -1) until that can be read.
  [[nodiscard]] Outcome wait_readable(Deadline deadline, int wake_fd);

  struct Read {
    Outcome outcome;
    std::size_t bytes = 0;  ///< above 0 where Ready
  };
  [[nodiscard]] Read read_some(char* into, std::size_t size, Deadline deadline);
  [[nodiscard]] Outcome write_all(std::string_view bytes, Deadline deadline);

  /// Says goodbye, so that the peer has read everything before it sees the end: close_notify and FIN,
  /// then what it still sends is read and dropped until it closes, or until the deadline.
  void close_gently(Deadline deadline);

 private:
  enum class Direction { Read, Write };
  [[nodiscard]] Outcome wait(Direction direction, Deadline deadline, int wake_fd) const;
  /// After an SSL call gave `result`: waits for what it needs, then Ready means "call again".
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
