// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/http_server.h"

#include <algorithm>
#include <csignal>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>

#include "webhook/guard.h"

namespace tegata::webhook::http {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kListenerId = 0;
constexpr std::uint64_t kInterruptId = 1;

std::uint64_t id_of(const ConnectionTable::Place* place) { return reinterpret_cast<std::uint64_t>(place); }

constexpr std::chrono::seconds kIdleThread{30};          // then a thread above those that always wait may end
constexpr std::chrono::milliseconds kUnderPressure{50};  // looks at deadlines while there is no room
constexpr int kAcceptsInOneTurn = 64;

/// Often enough that a deadline is not missed by more than an eighth.
std::chrono::milliseconds look_interval(const HttpServerSettings& settings) {
  const auto shortest = std::min({settings.keep_alive, settings.handshake, settings.request, settings.reply});
  return std::clamp<std::chrono::milliseconds>(shortest / 8, 10ms, 500ms);
}

/// Up to a fifth longer, so that connections that were opened together do not end together.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds age) {
  static thread_local std::minstd_rand random(std::random_device{}());
  return age + std::chrono::milliseconds(
                   std::uniform_int_distribution<std::chrono::milliseconds::rep>(0, age.count() / 5)(random));
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerSettings settings) {
  TEGATA_TRY(auto listener, Listener::open(settings.listen));
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(settings), std::move(listener)));
  return server;
}

HttpServer::HttpServer(HttpServerSettings settings, Listener listener)
    : settings_(std::move(settings)),
      look_interval_(look_interval(settings_)),
      tls_(settings_.tls),
      budget_(settings_.body_budget),
      listener_(std::move(listener)),
      table_(settings_.max_connections),
      crew_(
          {.waiting = settings_.polling_threads, .handlers = settings_.max_handlers},
          [this] { return turn(); }, [this] { wake_timer(); }) {
  if (!poller_.add(listener_.socket(), kListenerId)) throw std::runtime_error("no memory for the listener");
  crew_.start();
  timer_ = std::thread([this] { keep_time(); });
}

HttpServer::~HttpServer() { stop(); }

bool HttpServer::turn() {
  const auto event = poller_.wait(kIdleThread);
  if (!event) return false;
  const auto serve_event = [&] {
    if (*event == kListenerId)
      accept_waiting();
    else if (*event != kInterruptId)
      serve(*reinterpret_cast<ConnectionTable::Place*>(*event));
  };
  guard(serve_event, [this](const std::string& bug) { report(bug); });
  return true;
}

// ---------------------------------------------------------------------------------------- new connections

bool HttpServer::accept_one() {
  const auto now = Clock::now();
  if (table_.full()) {
    if (!listener_.has_waiting()) return false;
    accept_paused_ = !table_.make_room(now);
    if (accept_paused_) return false;
  }
  const auto accepted = listener_.accept_waiting();
  if (accepted.state == Listener::Accepted::State::OutOfDescriptors && table_.make_room(now)) return true;
  if (accepted.state != Listener::Accepted::State::Connection) {
    accept_paused_ = accepted.state == Listener::Accepted::State::OutOfDescriptors;
    return false;
  }
  auto locked = table_.add(accepted.socket, {settings_, tls_, budget_}, now, with_jitter(settings_.max_age));
  if (locked && !poller_.add(accepted.socket, id_of(locked->place))) table_.remove(*std::move(locked));
  return true;
}

void HttpServer::accept_waiting() {
  const std::lock_guard lock(accept_mutex_);
  if (stopping_) return;
  const auto accept_some = [this] {
    for (int i = 0; i < kAcceptsInOneTurn && accept_one(); ++i) {
    }
  };
  guard(accept_some, [this](const std::string& bug) {
    accept_paused_ = true;
    report(bug);
  });
  if (accept_paused_)
    wake_timer();  // it calls this again
  else
    poller_.await(listener_.socket(), kListenerId, Poller::Interest::Read);
}

// ------------------------------------------------------------------------------------------------ requests

void HttpServer::serve(ConnectionTable::Place& place) {
  auto locked = ConnectionTable::lock(place);
  if (!locked) return;
  auto next = Connection::Next::Close;
  guard([&] { next = locked->place->connection->ready(Clock::now()); },
        [this](const std::string& bug) { report(bug); });
  go_on(*std::move(locked), next);
  handle_parked();
}

void HttpServer::go_on(Locked locked, Connection::Next next) {
  while (next == Connection::Next::Handle) {
    if (!crew_.enter_handler()) return park(*locked.place);
    next = handle(locked);
  }
  switch (next) {
    case Connection::Next::Read:
      return await(std::move(locked), Poller::Interest::Read);
    case Connection::Next::Write:
      return await(std::move(locked), Poller::Interest::Write);
    case Connection::Next::Handle:
    case Connection::Next::Close:
      return table_.remove(std::move(locked));
  }
}

void HttpServer::await(Locked locked, Poller::Interest interest) {
  const int socket = locked.place->connection->socket();
  const auto id = id_of(locked.place);
  ConnectionTable::unlock_and(std::move(locked), [&] { poller_.await(socket, id, interest); });
}

Connection::Next HttpServer::handle(Locked& locked) {
  auto& connection = *locked.place->connection;
  locked.lock.unlock();  // no other thread uses it in this phase
  std::optional<HttpReply> reply;
  const auto give_up = [this](const std::string& bug) { report(bug); };
  guard([&] { reply = answer(connection.frame()); }, give_up);
  crew_.leave_handler();
  locked.lock.lock();
  auto next = Connection::Next::Close;
  if (!reply) return next;
  guard([&] { next = connection.reply(*reply, after_reply(connection), Clock::now()); }, give_up);
  return next;
}

void HttpServer::park(ConnectionTable::Place& place) {
  const std::lock_guard lock(parked_mutex_);
  place.next_parked = nullptr;
  (last_parked_ == nullptr ? first_parked_ : last_parked_->next_parked) = &place;
  last_parked_ = &place;
  ++parked_count_;
}

ConnectionTable::Place* HttpServer::take_parked() {
  const std::lock_guard lock(parked_mutex_);
  auto* place = first_parked_;
  if (place == nullptr) return nullptr;
  first_parked_ = place->next_parked;
  if (first_parked_ == nullptr) last_parked_ = nullptr;
  --parked_count_;
  return place;
}

/// Called after each park() and after each handler: one of the two sees the other.
void HttpServer::handle_parked() {
  while (parked_count_ != 0 && crew_.enter_handler()) {
    auto* place = take_parked();
    if (place == nullptr) return crew_.leave_handler();
    Locked locked{place, std::unique_lock(place->mutex)};
    const auto next = handle(locked);
    go_on(std::move(locked), next);
  }
}

HttpReply HttpServer::answer(const Frame& frame) const {
  return guard([&] { return settings_.answer(frame); },
               [this](const std::string& bug) {
                 report(bug);
                 return plain_reply(500, "internal error");
               });
}

void HttpServer::report(const std::string& bug) const noexcept {
  try {
    settings_.on_bug(bug);
  } catch (...) {  // it had no memory either, and the other connections are to go on
  }
}

AfterReply HttpServer::after_reply(const Connection& connection) const {
  return draining_ || connection.wants_close(Clock::now()) ? AfterReply::Close : AfterReply::KeepOpen;
}

// --------------------------------------------------------------------------------------------------- timer

void HttpServer::wake_timer() noexcept {
  if (hurry_.exchange(true)) return;
  const std::lock_guard lock(timer_mutex_);
  timer_wakes_.notify_one();
}

std::chrono::milliseconds HttpServer::pause() const {
  if (crew_.all_handling()) return ThreadCrew::kHeldUp;
  const bool pressed = stopping_ || accept_paused_;
  return pressed ? std::min(kUnderPressure, look_interval_) : look_interval_;
}

void HttpServer::keep_time() {
  auto looked = Clock::now();
  std::unique_lock lock(timer_mutex_);
  while (!timer_ends_) {
    timer_wakes_.wait_for(lock, pause(), [this] { return hurry_ || timer_ends_; });
    if (hurry_) timer_wakes_.wait_for(lock, ThreadCrew::kHeldUp, [this] { return timer_ends_; });
    hurry_ = false;
    lock.unlock();
    const auto now = Clock::now();
    crew_.replace_held_up(now);
    if (accept_paused_.exchange(false)) accept_waiting();
    if (now - looked >= std::min(look_interval_, pause())) {
      looked = now;
      guard([this] { end_late_connections(); }, [this](const std::string& bug) { report(bug); });
    }
    lock.lock();
  }
}

void HttpServer::end_late_connections() {
  const auto now = Clock::now();
  const auto stopping = stopping_ ? Connection::Stopping::Yes : Connection::Stopping::No;
  table_.for_each_unused([&](Locked locked) {
    auto& connection = *locked.place->connection;
    if (connection.is_late(now, stopping)) go_on(std::move(locked), connection.end_late(now));
  });
}

void HttpServer::stop() {
  begin_drain();
  if (!timer_.joinable()) return;
  {
    const std::lock_guard lock(accept_mutex_);
    // Connections that the kernel has already completed are served too.
    const auto accept_rest = [this] {
      for (int i = 0; i < limits::kBacklog && accept_one(); ++i) {
      }
    };
    guard(accept_rest, [this](const std::string& bug) { report(bug); });
    stopping_ = true;
    listener_.close();
  }
  wake_timer();
  table_.wait_until_empty();
  {
    const std::lock_guard lock(timer_mutex_);
    timer_ends_ = true;
    timer_wakes_.notify_one();
  }
  timer_.join();
  poller_.interrupt(kInterruptId);
  crew_.finish();
}

}  // namespace tegata::webhook::http
