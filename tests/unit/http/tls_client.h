// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "tests/unit/http/test_certificate.h"

struct ssl_ctx_st;
struct ssl_st;

namespace tegata::webhook::http::testing {

struct Reply {
  int status = 0;
  std::string head;  ///< status line and header fields
  std::string body;
  [[nodiscard]] bool closes() const { return head.find("\r\nConnection: close\r\n") != head.npos; }
};

/// A client that sends exactly the bytes it is told to, over TLS or plain, to a port on 127.0.0.1.
class Client {
 public:
  enum class Tls { Yes, No };
  Client(int port, Tls tls, int max_tls_version = 0, const CertificatePair* identity = nullptr);
  ~Client();
  Client(Client&&) = delete;

  /// Connected, and the handshake done.
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string protocol() const;
  /// The server's certificate, DER.
  [[nodiscard]] std::string server_certificate() const;
  bool send(const std::string& bytes);
  enum class Body { Expected, None };
  /// The next reply; none if the connection ended before the whole of it came. A reply to HEAD has no body.
  std::optional<Reply> receive(Body body = Body::Expected);
  /// Waits for the end of the connection: true if it came, with nothing before it.
  bool ended(std::chrono::milliseconds within);

 private:
  int read(char* into, int size);
  int socket_ = -1;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  bool connected_ = false;
  std::string buffer_;
};

/// `POST path` with a JSON body.
[[nodiscard]] std::string post(const std::string& path, const std::string& body,
                               const std::string& fields = "");
[[nodiscard]] std::string get(const std::string& path);

}  // namespace tegata::webhook::http::testing
