// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>

namespace tegata::testing {
namespace {

constexpr std::size_t kMostHeaderBytes = 256 * 1024;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

ServedRequest parse(const std::string& head) {
  ServedRequest request;
  const auto line_end = head.find("\r\n");
  const auto first = head.find(' ');
  const auto second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  for (auto at = line_end + 2; at < head.size();) {
    const auto end = head.find("\r\n", at);
    const auto colon = head.find(':', at);
    if (colon < end) {
      const auto value = head.find_first_not_of(' ', colon + 1);
      request.headers[lower(head.substr(at, colon - at))] = head.substr(value, end - value);
    }
    at = end == std::string::npos ? head.size() : end + 2;
  }
  return request;
}

std::string head_of(const Reply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  const bool promises_more = reply.ending == Ending::HangAfterBody || reply.ending == Ending::CutShort;
  if (reply.ending != Ending::Endless)
    head += "Content-Length: " + std::to_string(reply.body.size() + (promises_more ? 1 : 0)) + "\r\n";
  return reply.ending == Ending::CutHead ? head : head + "\r\n";
}

}  // namespace

/// A stream of bytes, with TLS or without.
class LoopbackServer::Connection {
 public:
  Connection(int socket, SSL_CTX* tls) : socket_(socket) {
    if (!tls) return;
    ssl_.reset(SSL_new(tls), SSL_free);
    SSL_set_fd(ssl_.get(), socket);
    broken_ = SSL_accept(ssl_.get()) != 1;
  }
  std::optional<ServedRequest> read() {
    while (!broken_) {
      if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
        auto request = parse(buffer_.substr(0, end + 2));
        buffer_.erase(0, end + 4);
        const auto length = request.header("content-length");
        const std::size_t wanted = length.empty() ? 0 : std::stoul(length);
        while (buffer_.size() < wanted)
          if (!receive()) return std::nullopt;
        request.body = buffer_.substr(0, wanted);
        buffer_.erase(0, wanted);
        return request;
      }
      if (buffer_.size() > kMostHeaderBytes || !receive()) break;
    }
    return std::nullopt;
  }
  bool receive() {
    char bytes[4096];
    const auto count = ssl_ ? SSL_read(ssl_.get(), bytes, sizeof bytes)
                            : static_cast<int>(::recv(socket_, bytes, sizeof bytes, 0));
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

 private:
  int socket_;
  std::shared_ptr<SSL> ssl_;
  std::string buffer_;
  bool broken_ = false;
};

LoopbackServer::LoopbackServer(Handler handler, std::uint16_t port) : handler_(std::move(handler)) {
  listen_on(port);
}

LoopbackServer::LoopbackServer(Handler handler, const TlsFiles& tls) : handler_(std::move(handler)) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (SSL_CTX_use_certificate_chain_file(context.get(), tls.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), tls.key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("cannot use the certificate " + tls.certificate);
  tls_ = context;
  listen_on(0);
}

void LoopbackServer::listen_on(std::uint16_t port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 512) != 0)
    throw std::runtime_error("cannot listen on 127.0.0.1");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  stopped_.notify_all();
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

void LoopbackServer::accept_all() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopping_ || socket < 0) {
      if (socket >= 0) ::close(socket);
      if (stopping_) return;
      continue;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    sockets_.insert(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void LoopbackServer::wait_until_stopped() {
  std::unique_lock lock(mutex_);
  stopped_.wait(lock, [this] { return stopping_; });
}

void LoopbackServer::serve(int socket) {
  {
    Connection connection(socket, static_cast<SSL_CTX*>(tls_.get()));
    while (const auto request = connection.read()) {
      const Reply reply = handler_(*request);
      if (reply.ending == Ending::HangFirst) wait_until_stopped();
      if (reply.ending == Ending::Reset) {
        const linger now{1, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        break;
      }
      if (reply.ending == Ending::HangFirst || !connection.write(head_of(reply))) break;
      if (reply.ending == Ending::CutHead) break;
      if (request->method != "HEAD" && !connection.write(reply.body)) break;
      if (reply.ending == Ending::Endless)
        while (connection.write(reply.body)) continue;
      if (reply.ending == Ending::HangAfterBody) wait_until_stopped();
      if (reply.ending != Ending::Complete) break;
    }
  }
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
  ::close(socket);
}

}  // namespace tegata::testing
