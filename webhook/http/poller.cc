// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>

namespace tegata::webhook::http {
namespace {

bool control(int epoll, int operation, int socket, std::uint32_t events, std::uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(epoll, operation, socket, &event) == 0;
}

}  // namespace

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), interrupt_(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (epoll_ < 0 || interrupt_ < 0) throw std::runtime_error("no epoll instance or eventfd");
}

Poller::~Poller() {
  ::close(interrupt_);
  ::close(epoll_);
}

bool Poller::add(int socket, std::uint64_t id) {
  return control(epoll_, EPOLL_CTL_ADD, socket, EPOLLIN | EPOLLONESHOT, id);
}

void Poller::await(int socket, std::uint64_t id, Interest interest) {
  const auto events = interest == Interest::Read ? EPOLLIN : EPOLLOUT;
  control(epoll_, EPOLL_CTL_MOD, socket, static_cast<std::uint32_t>(events) | EPOLLONESHOT, id);
}

std::optional<std::uint64_t> Poller::wait(std::chrono::milliseconds timeout) {
  // One event: a thread that takes more would keep them from idle threads.
  epoll_event event{};
  if (::epoll_wait(epoll_, &event, 1, static_cast<int>(timeout.count())) != 1) return std::nullopt;
  return std::uint64_t{event.data.u64};
}

void Poller::interrupt(std::uint64_t id) { control(epoll_, EPOLL_CTL_ADD, interrupt_, EPOLLIN, id); }

}  // namespace tegata::webhook::http
