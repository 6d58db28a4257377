// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/https_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace tegata::bench {
namespace {

int connected_socket(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw std::runtime_error("nobody listens on 127.0.0.1:" + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

/// Of a head that ends with its last field's line feed.
std::size_t content_length(const std::string& head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  if (at == head.npos) throw std::runtime_error("an answer without Content-Length");
  return std::stoul(head.substr(at + kName.size()));
}

}  // namespace

HttpsConnection::HttpsConnection(std::uint16_t port)
    : socket_(connected_socket(port)),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      tls_(SSL_new(context_.get()), SSL_free) {
  if (SSL_set_fd(tls_.get(), socket_) != 1 || SSL_connect(tls_.get()) != 1)
    throw std::runtime_error("the TLS handshake failed");
}

HttpsConnection::HttpsConnection(HttpsConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      context_(std::move(other.context_)),
      tls_(std::move(other.tls_)),
      buffer_(std::move(other.buffer_)) {}

HttpsConnection::~HttpsConnection() {
  if (socket_ < 0) return;
  SSL_shutdown(tls_.get());
  ::close(socket_);
}

void HttpsConnection::write_all(const std::string& bytes) {
  std::size_t written = 0;
  if (SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written) != 1)
    throw std::runtime_error("the server closed the connection before a request was sent");
}

void HttpsConnection::read_some() {
  std::array<char, 16384> piece;
  std::size_t count = 0;
  if (SSL_read_ex(tls_.get(), piece.data(), piece.size(), &count) != 1)
    throw std::runtime_error("the server closed the connection before it had answered");
  buffer_.append(piece.data(), count);
}

HttpsConnection::Answer HttpsConnection::ask(const std::string& request) {
  write_all(request);
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == buffer_.npos) read_some();
  const auto head = buffer_.substr(0, end + 2);
  const auto size = end + 4 + content_length(head);
  while (buffer_.size() < size) read_some();
  const auto body = std::string_view(buffer_).substr(end + 4, size - end - 4);
  Answer answer{std::stoi(head.substr(9, 3)), body.find("\"allowed\":true") != body.npos};
  buffer_.erase(0, size);
  return answer;
}

}  // namespace tegata::bench
