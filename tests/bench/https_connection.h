// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace tegata::bench {

/// What the connections of a bench have in common: TLS 1.3 with one cipher, so that two servers do the same
/// work.
[[nodiscard]] std::shared_ptr<ssl_ctx_st> client_context();

/// One TLS connection to 127.0.0.1 that is kept open. The server's certificate is not checked. After the
/// handshake, no member waits. All throw where the connection ends: a bench that connects anew in silence
/// would measure handshakes.
class HttpsConnection {
 public:
  /// Waits for the handshake.
  HttpsConnection(std::uint16_t port, ssl_ctx_st& context);
  HttpsConnection(HttpsConnection&&) noexcept;
  ~HttpsConnection();

  [[nodiscard]] int socket() const noexcept { return socket_; }
  /// Such as `TLSv1.3 TLS_AES_128_GCM_SHA256 P-256`: version, cipher and the kind of the server's key.
  [[nodiscard]] std::string negotiated() const;

  enum class State { NeedsRead, NeedsWrite, Answered };
  /// Begins to send these bytes, which must outlive the answer.
  [[nodiscard]] State ask(std::string_view request);
  /// Goes on after the socket can be read or written.
  [[nodiscard]] State go_on();

  struct Answer {
    int status = 0;
    bool allowed = false;  ///< the body says `"allowed":true`
    std::size_t body_size = 0;
  };
  /// After State::Answered, once.
  [[nodiscard]] Answer take_answer();

 private:
  [[nodiscard]] State write_rest();
  [[nodiscard]] bool answer_is_complete();
  [[nodiscard]] State needs(int result) const;

  int socket_ = -1;
  std::shared_ptr<ssl_st> tls_;
  std::string_view rest_;  ///< of the request
  std::string buffer_;     ///< of the answer
  std::size_t head_ = 0;   ///< its bytes up to the empty line, 0: not known yet
  std::size_t size_ = 0;   ///< of the whole answer
};

}  // namespace tegata::bench
