// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/https_connection.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace tegata::bench {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

int connected_socket(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw std::runtime_error("no server listens on 127.0.0.1:" + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

/// Of a head that ends with its last field's line feed.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  if (at == head.npos) throw std::runtime_error("an answer without Content-Length");
  return std::stoul(std::string(head.substr(at + kName.size(), 20)));
}

}  // namespace

std::shared_ptr<ssl_ctx_st> client_context() {
  std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(context.get(), "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set_read_ahead(context.get(), 1);  // fewer system calls of the client, which shares the machine
  return context;
}

HttpsConnection::HttpsConnection(std::uint16_t port, ssl_ctx_st& context)
    : socket_(connected_socket(port)), tls_(SSL_new(&context), SSL_free) {
  if (SSL_set_fd(tls_.get(), socket_) != 1 || SSL_connect(tls_.get()) != 1)
    throw std::runtime_error("the TLS handshake failed");
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
}

HttpsConnection::HttpsConnection(HttpsConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      tls_(std::move(other.tls_)),
      rest_(other.rest_),
      buffer_(std::move(other.buffer_)),
      head_(other.head_),
      size_(other.size_) {}

HttpsConnection::~HttpsConnection() {
  if (socket_ < 0) return;
  SSL_shutdown(tls_.get());
  ::close(socket_);
}

std::string HttpsConnection::negotiated() const {
  auto* key = X509_get0_pubkey(SSL_get0_peer_certificate(tls_.get()));
  std::array<char, 64> group{};
  EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr);
  return std::string(SSL_get_version(tls_.get())) + " " + SSL_get_cipher_name(tls_.get()) + " " +
         EVP_PKEY_get0_type_name(key) + " " + group.data();
}

HttpsConnection::State HttpsConnection::needs(int result) const {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return State::NeedsRead;
    case SSL_ERROR_WANT_WRITE:
      return State::NeedsWrite;
    default:
      throw std::runtime_error("the server closed the connection before it had answered");
  }
}

HttpsConnection::State HttpsConnection::ask(std::string_view request) {
  rest_ = request;
  return write_rest();
}

HttpsConnection::State HttpsConnection::write_rest() {
  while (!rest_.empty()) {
    ERR_clear_error();
    std::size_t written = 0;
    // A write that is tried again must be the same: one record at a time.
    const int result =
        SSL_write_ex(tls_.get(), rest_.data(), std::min<std::size_t>(rest_.size(), 16384), &written);
    if (result != 1) return needs(result);
    rest_.remove_prefix(written);
  }
  return State::NeedsRead;
}

bool HttpsConnection::answer_is_complete() {
  if (head_ == 0) {
    const auto end = buffer_.find(kHeadEnd);
    if (end == buffer_.npos) return false;
    head_ = end + kHeadEnd.size();
    size_ = head_ + content_length(std::string_view(buffer_).substr(0, end + 2));
  }
  return buffer_.size() >= size_;
}

HttpsConnection::State HttpsConnection::go_on() {
  if (!rest_.empty())
    if (const auto state = write_rest(); !rest_.empty()) return state;
  while (!answer_is_complete()) {
    std::array<char, 16384> piece;
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(tls_.get(), piece.data(), piece.size(), &count);
    if (result != 1) return needs(result);
    buffer_.append(piece.data(), count);
  }
  return State::Answered;
}

HttpsConnection::Answer HttpsConnection::take_answer() {
  const auto body = std::string_view(buffer_).substr(head_, size_ - head_);
  const Answer answer{std::stoi(buffer_.substr(9, 3)), body.find("\"allowed\":true") != body.npos,
                      body.size()};
  buffer_.erase(0, size_);
  head_ = size_ = 0;
  return answer;
}

}  // namespace tegata::bench
