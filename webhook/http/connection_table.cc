// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/connection_table.h"

#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::webhook::http {
namespace {

using Clock = ConnectionTable::Clock;

/// The part of all connections that make_room() ends at one time, if none of them has ever been useful: a
/// search for each new connection of a flood would cost more than the flood.
constexpr std::size_t kRoomAtOnce = 64;

/// How readily a connection is ended for another one, the lowest first; none: not at all.
std::optional<int> rank_of(const Connection& connection, Clock::time_point now) {
  const auto age = now - connection.since();
  switch (connection.phase()) {
    case Connection::Phase::Silent:
      return age >= limits::kSilentConnection ? std::optional(0) : std::nullopt;
    case Connection::Phase::Lingering:
      return 0;
    case Connection::Phase::Waiting:
      if (connection.proven()) return 2;
      [[fallthrough]];
    case Connection::Phase::Handshaking:
    case Connection::Phase::Reading:
      return !connection.proven() && age >= limits::kUnprovenConnection ? std::optional(1) : std::nullopt;
    case Connection::Phase::Handling:
    case Connection::Phase::Writing:
      break;
  }
  return std::nullopt;
}

/// Of a locked place: whether its connection is open, and no thread is about to use it.
bool is_unused(const ConnectionTable::Place& place) {
  return place.connection && place.connection->phase() != Connection::Phase::Handling && place.arming == 0;
}

}  // namespace

std::size_t ConnectionTable::size() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::optional<ConnectionTable::Locked> ConnectionTable::add(int socket, Shared shared, Clock::time_point now,
                                                            Clock::duration age) {
  Place* place = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (open_ >= max_) {
      ::close(socket);
      return std::nullopt;
    }
    if (free_.empty()) {
      place = places_.emplace_back(std::make_unique<Place>()).get();
    } else {
      place = free_.back();
      free_.pop_back();
    }
    ++open_;
  }
  std::unique_lock lock(place->mutex);
  place->connection.emplace(socket, shared, now, age);
  return Locked{place, std::move(lock)};
}

std::optional<ConnectionTable::Locked> ConnectionTable::lock(Place& place) {
  std::unique_lock lock(place.mutex);
  if (!place.connection || place.connection->phase() == Connection::Phase::Handling) return std::nullopt;
  return Locked{&place, std::move(lock)};
}

void ConnectionTable::remove(Locked locked) {
  locked.place->connection.reset();
  const std::lock_guard lock(mutex_);
  free_.push_back(locked.place);
  if (--open_ == 0) empty_.notify_all();
}

void ConnectionTable::for_each_unused(const std::function<void(Locked)>& use) {
  std::size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    count = places_.size();
  }
  for (std::size_t i = 0; i < count; ++i) {
    auto& place = *places_[i];
    std::unique_lock lock(place.mutex, std::try_to_lock);
    if (lock && is_unused(place)) use({&place, std::move(lock)});
  }
}

std::vector<ConnectionTable::Candidate> ConnectionTable::candidates(Clock::time_point now) {
  std::vector<Candidate> found;
  for_each_unused([&](const Locked& locked) {
    const auto& connection = *locked.place->connection;
    if (const auto rank = rank_of(connection, now))
      found.push_back({*rank, connection.since(), locked.place});
  });
  return found;
}

bool ConnectionTable::make_room(Clock::time_point now) {
  auto found = candidates(now);
  const auto useless =
      static_cast<std::size_t>(std::ranges::count_if(found, [](const Candidate& c) { return c.rank < 2; }));
  const auto wanted = std::min(found.size(), std::clamp<std::size_t>(useless, 1, max_ / kRoomAtOnce + 1));
  std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(wanted), {},
                            [](const Candidate& c) { return std::tuple(c.rank, c.since); });
  found.resize(wanted);
  bool made = false;
  for (const auto& candidate : found) {
    auto& place = *candidate.place;
    std::unique_lock lock(place.mutex);
    if (!is_unused(place) || !rank_of(*place.connection, now)) continue;
    remove({&place, std::move(lock)});
    made = true;
  }
  return made;
}

void ConnectionTable::wait_until_empty() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [this] { return open_ == 0; });
}

}  // namespace tegata::webhook::http
