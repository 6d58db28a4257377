// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/connection.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace tegata::webhook::http {
namespace {

/// Rounded up: a wait that ends before its deadline would be repeated in a busy loop.
int milliseconds_left(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.left()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, INT_MAX));
}

}  // namespace

void Connection::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Connection::Connection(int socket, ssl_ctx_st* tls) : socket_(socket), wants_tls_(tls != nullptr) {
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  if (tls_ != nullptr && SSL_set_fd(tls_.get(), socket_) != 1) tls_.reset();
  broken_ = tls_ == nullptr;
}

Connection::~Connection() { ::close(socket_); }

Connection::Outcome Connection::wait(Direction direction, Deadline deadline, int wake_fd) const {
  std::array<pollfd, 2> fds{
      {{socket_, static_cast<short>(direction == Direction::Read ? POLLIN : POLLOUT), 0},
       {wake_fd, POLLIN, 0}}};
  while (true) {
    const int n = ::poll(fds.data(), wake_fd < 0 ? 1 : 2, milliseconds_left(deadline));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Outcome::Closed;
    if (n == 0) return Outcome::TimedOut;
    return fds[0].revents != 0 ? Outcome::Ready : Outcome::Woken;
  }
}

Connection::Outcome Connection::retry_tls(int result, Deadline deadline) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait(Direction::Read, deadline, -1);
    case SSL_ERROR_WANT_WRITE:
      return wait(Direction::Write, deadline, -1);
    case SSL_ERROR_ZERO_RETURN:
      return Outcome::Closed;
    default:
      broken_ = true;
      return Outcome::Closed;
  }
}

Connection::Outcome Connection::retry_plain(Direction direction, Deadline deadline) const {
  if (errno == EINTR) return Outcome::Ready;
  if (errno == EAGAIN || errno == EWOULDBLOCK) return wait(direction, deadline, -1);
  return Outcome::Closed;
}

Connection::Outcome Connection::handshake(Deadline deadline) {
  if (!wants_tls_) return Outcome::Ready;
  if (tls_ == nullptr) return Outcome::Closed;
  while (true) {
    if (deadline.passed()) return Outcome::TimedOut;
    ERR_clear_error();
    const int result = SSL_accept(tls_.get());
    if (result == 1) return Outcome::Ready;
    if (const auto outcome = retry_tls(result, deadline); outcome != Outcome::Ready) return outcome;
  }
}

Connection::Outcome Connection::wait_readable(Deadline deadline, int wake_fd) {
  if (tls_ != nullptr && SSL_has_pending(tls_.get()) == 1) return Outcome::Ready;
  return wait(Direction::Read, deadline, wake_fd);
}

Connection::Read Connection::read_some(char* into, std::size_t size, Deadline deadline) {
  while (true) {
    if (deadline.passed()) return {Outcome::TimedOut};
    Outcome outcome{};
    if (tls_ != nullptr) {
      ERR_clear_error();
      std::size_t n = 0;
      const int result = SSL_read_ex(tls_.get(), into, size, &n);
      if (result == 1) return {Outcome::Ready, n};
      outcome = retry_tls(result, deadline);
    } else {
      const auto n = ::recv(socket_, into, size, 0);
      if (n > 0) return {Outcome::Ready, static_cast<std::size_t>(n)};
      outcome = n == 0 ? Outcome::Closed : retry_plain(Direction::Read, deadline);
    }
    if (outcome != Outcome::Ready) return {outcome};
  }
}

Connection::Outcome Connection::write_all(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    if (deadline.passed()) return Outcome::TimedOut;
    Outcome outcome = Outcome::Ready;
    std::size_t sent = 0;
    if (tls_ != nullptr) {
      ERR_clear_error();
      const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &sent);
      if (result != 1) outcome = retry_tls(result, deadline);
    } else {
      const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n > 0)
        sent = static_cast<std::size_t>(n);
      else
        outcome = retry_plain(Direction::Write, deadline);
    }
    if (outcome != Outcome::Ready) return outcome;
    bytes.remove_prefix(sent);
  }
  return Outcome::Ready;
}

void Connection::close_gently(Deadline deadline) {
  if (broken_) return;
  if (tls_ != nullptr) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());  // sends close_notify if the socket accepts it; does not wait for the peer's
  }
  if (::shutdown(socket_, SHUT_WR) != 0) return;
  // Closing with unread input would reset the connection, and the peer could lose the last reply.
  std::array<char, 16384> dropped;
  while (!deadline.passed()) {
    const auto n = ::recv(socket_, dropped.data(), dropped.size(), 0);
    if (n > 0) continue;
    if (n == 0 || retry_plain(Direction::Read, deadline) != Outcome::Ready) return;
  }
}

}  // namespace tegata::webhook::http
