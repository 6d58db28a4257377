// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::webhook::http {
namespace {

struct HostPort {
  std::string host;
  std::string port;
};

std::optional<HostPort> split(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == address.npos) return std::nullopt;
  auto host = address.substr(0, colon);
  const auto port = address.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != host.npos) return std::nullopt;
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos)
    return std::nullopt;
  if (std::stoi(std::string(port)) > 65535) return std::nullopt;
  return HostPort{std::string(host), std::string(port)};
}

/// The socket, or -1 with errno.
int listen_on(const addrinfo& where) {
  const int fd =
      ::socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, where.ai_protocol);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, where.ai_addr, where.ai_addrlen) == 0 && ::listen(fd, limits::kBacklog) == 0) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

int port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port)
                                       : ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
}

}  // namespace

Result<Listener> Listener::open(const std::string& address) {
  const auto parts = split(address);
  if (!parts)
    return Error{ErrorCode::Misconfigured,
                 "invalid listen address '" + address + "': write HOST:PORT, for example 0.0.0.0:8443"};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(parts->host.empty() ? nullptr : parts->host.c_str(),
                                      parts->port.c_str(), &hints, &found);
      error != 0)
    return Error{ErrorCode::Misconfigured, "cannot listen on " + address + ": " + ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
  int cause = EADDRNOTAVAIL;
  for (const auto* where = found; where != nullptr; where = where->ai_next) {
    const int fd = listen_on(*where);
    if (fd >= 0) return Listener(fd, port_of(fd));
    cause = errno;
  }
  return Error{ErrorCode::Misconfigured,
               "cannot listen on " + address + ": " + std::generic_category().message(cause)};
}

Listener::Listener(Listener&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_) {}

Listener::~Listener() { close(); }

void Listener::close() noexcept {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool Listener::has_waiting() const {
  pollfd one{socket_, POLLIN, 0};
  return ::poll(&one, 1, 0) == 1 && (one.revents & POLLIN) != 0;
}

Listener::Accepted Listener::accept_waiting() const {
  while (true) {
    const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return {Accepted::State::Connection, fd};
    }
    switch (errno) {
      case EAGAIN:
        return {Accepted::State::None};
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        return {Accepted::State::OutOfDescriptors};
      case EBADF:
      case EINVAL:
        return {Accepted::State::None};  // closed
      default:
        continue;  // an error of that connection (accept(2)): it is gone
    }
  }
}

}  // namespace tegata::webhook::http
