// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/request_turns.h"

#include <iterator>
#include <mutex>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::verifier {

struct RequestTurns::Inbox {
  std::mutex mutex;
  std::vector<std::pair<std::string, std::string>> entered;  ///< user and host
  std::function<void()> wake;

  void add(const std::string& user, const std::string& host) {
    const std::lock_guard lock(mutex);
    entered.emplace_back(user, host);
    if (wake) wake();
  }
};

RequestTurns::RequestTurns(Bounds bounds, std::function<std::size_t(const std::string&)> most_to,
                           std::function<void()> wake)
    : bounds_(bounds), most_to_(std::move(most_to)), inbox_(std::make_shared<Inbox>()) {
  inbox_->wake = std::move(wake);
}

void RequestTurns::close() {
  const std::lock_guard lock(inbox_->mutex);
  inbox_->wake = nullptr;
}

RequestTurns::Ticket RequestTurns::push(const std::string& host, Order order) {
  auto place = hosts_.find(host);
  if (place == hosts_.end()) {
    const auto entered = [inbox = inbox_, host](const std::string& user) { inbox->add(user, host); };
    place = hosts_.emplace(host, Host{TurnQueue<Order>(limits::kAbandonedRequests, entered)}).first;
  }
  aside_.insert(host);
  const auto askers = order.terms.askers;
  return place->second.waiting.push(askers, std::move(order));
}

std::optional<RequestTurns::Order> RequestTurns::take(const std::string& host, const Ticket& ticket) {
  const auto place = hosts_.find(host);
  if (place == hosts_.end()) return std::nullopt;
  auto order = place->second.waiting.take(ticket);
  if (place->second.active == 0 && place->second.waiting.size() == 0) hosts_.erase(place);
  return order;
}

RequestTurns::Next RequestTurns::next() {
  read_inbox();
  Next next;
  while (!next.order && active_ < bounds_.at_once) {
    const auto user = next_user();
    if (user == users_.end()) {
      take_abandoned(next);
      break;
    }
    take_of(user, next);
  }
  return next;
}

void RequestTurns::read_inbox() {
  std::vector<std::pair<std::string, std::string>> entered;
  {
    const std::lock_guard lock(inbox_->mutex);
    entered.swap(inbox_->entered);
  }
  for (auto& [user, host] : entered) users_[user].hosts.insert(std::move(host));
}

RequestTurns::Users::iterator RequestTurns::next_user() {
  auto first = users_.end();
  for (auto user = users_.begin(); user != users_.end(); ++user)
    if (!user->second.hosts.empty() && user->second.active < bounds_.of_a_user &&
        (first == users_.end() || user->second.turn < first->second.turn))
      first = user;
  return first;
}

RequestTurns::Host* RequestTurns::open(const std::string& host) {
  const auto place = hosts_.find(host);
  return place != hosts_.end() && place->second.active < most_to_(host) ? &place->second : nullptr;
}

void RequestTurns::take_of(Users::iterator user, Next& next) {
  auto& hosts = user->second.hosts;
  while (!hosts.empty() && !next.order) {
    auto place = hosts.upper_bound(user->second.last);
    if (place == hosts.end()) place = hosts.begin();
    user->second.last = *place;
    if (auto* host = open(*place)) {
      auto popped = host->waiting.pop_of(user->first);
      std::move(popped.dropped.begin(), popped.dropped.end(), std::back_inserter(next.dropped));
      next.order = std::move(popped.item);
    }
    if (next.order) return hold(next, *place, user->first);
    aside_.insert(*place);  // its requests may be abandoned; a host without room is back after release()
    hosts.erase(place);
  }
  forget_if_idle(user);
}

void RequestTurns::take_abandoned(Next& next) {
  while (!aside_.empty() && !next.order && active_abandoned_ < bounds_.of_a_user) {
    const auto place = aside_.begin();
    if (auto* host = open(*place)) {
      auto popped = host->waiting.pop_abandoned();
      std::move(popped.dropped.begin(), popped.dropped.end(), std::back_inserter(next.dropped));
      next.order = std::move(popped.item);
    }
    if (next.order) return hold(next, *place, std::nullopt);
    aside_.erase(place);
  }
}

void RequestTurns::hold(Next& next, const std::string& host, std::optional<std::string> user) {
  ++active_;
  ++hosts_.at(host).active;
  if (user) {
    users_[*user].turn = ++turns_;
    ++users_[*user].active;
  } else {
    ++active_abandoned_;
  }
  next.slot = {host, std::move(user)};
}

void RequestTurns::release(const Slot& slot) {
  --active_;
  const auto host = hosts_.find(slot.host);
  --host->second.active;
  for (const auto& user : host->second.waiting.users()) users_[user].hosts.insert(slot.host);
  aside_.insert(slot.host);
  if (slot.user) {
    const auto user = users_.find(*slot.user);
    --user->second.active;
    forget_if_idle(user);
  } else {
    --active_abandoned_;
  }
  if (host->second.active == 0 && host->second.waiting.size() == 0) hosts_.erase(host);
}

void RequestTurns::forget_if_idle(Users::iterator user) {
  if (user->second.hosts.empty() && user->second.active == 0) users_.erase(user);
}

}  // namespace tegata::verifier
