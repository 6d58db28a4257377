// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace tegata::webhook::http {

/// The bytes of one accepted socket, over TLS or plain. No member waits: each says what must happen before it
/// can go on. Used by one thread at a time.
class ByteStream {
 public:
  enum class State {
    Done,
    NeedsRead,   ///< when the socket can be read
    NeedsWrite,  ///< when the socket can be written
    Ended,       ///< by the peer, or by an error
  };
  struct Io {
    State state;
    std::size_t bytes = 0;  ///< transferred, also where it then needs more
  };

  /// Owns `socket`, which is non-blocking.
  explicit ByteStream(int socket) : socket_(socket) {}
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  [[nodiscard]] int socket() const noexcept { return socket_; }
  /// Before the first byte; plain otherwise. False if there is no memory.
  [[nodiscard]] bool start_tls(ssl_ctx_st* context);
  /// Only after start_tls().
  [[nodiscard]] State handshake();

  /// After the handshake: the DNS names and the common names in the client's certificate. None without a
  /// certificate that the context's client CAs have issued for clients, and that is valid now.
  [[nodiscard]] std::vector<std::string> client_names() const;

  /// Done with at least one byte, or another State and none.
  [[nodiscard]] Io read(std::span<char> into);
  /// As many bytes as can be sent at once; Done if they are all sent.
  [[nodiscard]] Io write(std::string_view bytes);
  /// Whether the socket has bytes that read() has not taken from it.
  [[nodiscard]] bool has_unread() const;
  /// Whether bytes have left the socket that read() has not given out.
  [[nodiscard]] bool has_pending() const;

  /// Sends close_notify and FIN. Closing with unread input would send a reset, and the peer could lose the
  /// last reply: drop_input() first, until it is Ended.
  void send_end();
  [[nodiscard]] State drop_input();

 private:
  [[nodiscard]] State tls_state(int result);
  struct Free {
    void operator()(ssl_st* ssl) const;
  };

  int socket_;
  std::unique_ptr<ssl_st, Free> tls_;
  bool broken_ = false;  ///< after a fatal TLS error nothing may be sent, not even close_notify
};

}  // namespace tegata::webhook::http
