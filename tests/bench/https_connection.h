// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace tegata::bench {

/// One TLS connection to 127.0.0.1 that is kept open. The server's certificate is not checked.
class HttpsConnection {
 public:
  /// Throws where the server does not answer.
  explicit HttpsConnection(std::uint16_t port);
  HttpsConnection(HttpsConnection&&) noexcept;
  ~HttpsConnection();

  struct Answer {
    int status = 0;
    bool allowed = false;  ///< the body says `"allowed":true`
  };
  /// Sends these bytes and reads one answer to its end. Throws where the connection ends: a bench that
  /// connects anew in silence would measure handshakes.
  [[nodiscard]] Answer ask(const std::string& request);

 private:
  void write_all(const std::string& bytes);
  void read_some();

  int socket_ = -1;
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<ssl_st> tls_;
  std::string buffer_;
};

}  // namespace tegata::bench
