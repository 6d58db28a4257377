// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/askers.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::verifier {

struct Askers::Asker {
  explicit Asker(Turn of) : turn(std::move(of)) {}
  const Turn turn;
  std::atomic<bool> waits{true};
};

std::shared_ptr<Askers> Askers::of(Turn turn) {
  auto askers = std::make_shared<Askers>();
  askers->askers_.push_back(std::make_shared<Asker>(std::move(turn)));
  return askers;
}

std::string Askers::user() const {
  const std::lock_guard lock(mutex_);
  return askers_.empty() ? std::string() : askers_.front()->turn.user;
}

std::shared_ptr<Askers> Askers::shared(const std::shared_ptr<Askers>& first) {
  if (first == nullptr) return nullptr;
  auto askers = std::make_shared<Askers>();
  askers->inherited_ = first->delay() + first->inherited_;
  join(askers, first);
  return askers;
}

void Askers::join(const std::shared_ptr<Askers>& child, const std::shared_ptr<Askers>& joining) {
  if (child == nullptr || joining == nullptr || child == joining) return;
  std::vector<std::shared_ptr<Asker>> all;
  {
    const std::lock_guard lock(joining->mutex_);
    all = joining->askers_;
    auto& children = joining->children_;
    if (std::find(children.begin(), children.end(), child) != children.end()) return;
    children.push_back(child);
  }
  for (const auto& asker : all) child->add(asker);
}

bool Askers::counts(const Asker& asker) const {
  const auto same = std::count_if(askers_.begin(), askers_.end(), [&](const auto& other) {
    return other->waits && other->turn.user == asker.turn.user;
  });
  return static_cast<std::size_t>(same) < limits::kTurnsOfAUser;
}

void Askers::add(const std::shared_ptr<Asker>& asker) {
  std::vector<std::weak_ptr<WaitingItem>> items;
  std::vector<std::shared_ptr<Askers>> children;
  {
    const std::lock_guard lock(mutex_);
    if (std::find(askers_.begin(), askers_.end(), asker) != askers_.end()) return;
    if (counts(*asker)) items = items_;
    askers_.push_back(asker);
    children = children_;
  }
  // Without the lock: a queue may ask abandoned() with its own lock held.
  for (const auto& one : items)
    if (const auto item = one.lock()) item->wait_also(asker->turn);
  for (const auto& child : children) child->add(asker);
}

void Askers::begin_delay() {
  const std::lock_guard lock(mutex_);
  if (delays_++ == 0) delayed_since_ = Clock::now();
}

void Askers::end_delay() {
  const std::lock_guard lock(mutex_);
  if (--delays_ == 0) delay_ += Clock::now() - delayed_since_;
}

bool Askers::delayed_now() const {
  std::vector<std::shared_ptr<Askers>> children;
  {
    const std::lock_guard lock(mutex_);
    if (delays_ > 0) return true;
    children = children_;
  }
  return std::any_of(children.begin(), children.end(),
                     [](const auto& child) { return child->delayed_now(); });
}

Askers::Clock::duration Askers::delay() const {
  std::vector<std::shared_ptr<Askers>> children;
  Clock::duration total{};
  {
    const std::lock_guard lock(mutex_);
    children = children_;
    total = delay_;
    if (delays_ > 0) total += Clock::now() - delayed_since_;
  }
  for (const auto& child : children) total += child->delay();
  return total;
}

bool Askers::delayed() const { return delayed_now() || delay() + inherited_ >= limits::kOwnDelay; }

void Askers::note_failure(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = error;
}

void Askers::ignore_failures() {
  const std::lock_guard lock(mutex_);
  failures_ignored_ = true;
}

std::optional<Error> Askers::failure() const {
  std::vector<std::shared_ptr<Askers>> children;
  {
    const std::lock_guard lock(mutex_);
    if (failures_ignored_) return std::nullopt;
    if (failure_) return failure_;
    children = children_;
  }
  for (const auto& child : children)
    if (auto failed = child->failure()) return failed;
  return std::nullopt;
}

void Askers::leave() {
  const std::lock_guard lock(mutex_);
  for (const auto& asker : askers_) asker->waits = false;
}

bool Askers::abandoned() const {
  const std::lock_guard lock(mutex_);
  std::erase_if(askers_, [](const auto& asker) { return !asker->waits; });
  return askers_.empty();
}

std::vector<Turn> Askers::enter(std::weak_ptr<WaitingItem> item) {
  const std::lock_guard lock(mutex_);
  if (items_.size() >= prune_at_) {
    std::erase_if(items_, [](const auto& one) { return one.expired(); });
    prune_at_ = std::max<std::size_t>(16, 2 * items_.size());
  }
  items_.push_back(std::move(item));
  std::vector<Turn> turns;
  for (const auto& asker : askers_) {
    if (!asker->waits) continue;
    const auto same = std::count_if(turns.begin(), turns.end(),
                                    [&](const Turn& turn) { return turn.user == asker->turn.user; });
    if (static_cast<std::size_t>(same) < limits::kTurnsOfAUser) turns.push_back(asker->turn);
  }
  return turns;
}

}  // namespace tegata::verifier
