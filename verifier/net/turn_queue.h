// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "verifier/net/askers.h"

namespace tegata::verifier {

/// Gives an entry of each child in turn. A child gives entries with next(), and is removed once it is empty.
template <typename Key, typename Child>
class TurnRing {
 public:
  [[nodiscard]] Child& operator[](const Key& key) {
    const auto [place, is_new] = children_.try_emplace(key);
    if (is_new) order_.push_back(place);
    return place->second;
  }
  [[nodiscard]] bool empty() const noexcept { return order_.empty(); }
  [[nodiscard]] std::vector<Key> keys() const {
    std::vector<Key> keys;
    for (const auto& [key, child] : children_) keys.push_back(key);
    return keys;
  }

  /// The next entry that `fits`; others are dropped, and cost no turn. Null if there is none.
  template <typename Fits>
  auto next(const Fits& fits) -> decltype(std::declval<Child&>().next(fits)) {
    while (!order_.empty()) {
      const auto place = order_.front();
      auto entry = place->second.next(fits);
      if (place->second.empty()) {
        order_.pop_front();
        children_.erase(place);
      } else {
        order_.splice(order_.end(), order_, order_.begin());
      }
      if (entry) return entry;
    }
    return nullptr;
  }
  /// The next entry of this child, which keeps its place in the round.
  template <typename Fits>
  auto next_of(const Key& key, const Fits& fits) -> decltype(std::declval<Child&>().next(fits)) {
    const auto child = children_.find(key);
    if (child == children_.end()) return nullptr;
    auto entry = child->second.next(fits);
    if (child->second.empty()) {
      order_.erase(std::find(order_.begin(), order_.end(), child));
      children_.erase(child);
    }
    return entry;
  }

 private:
  std::map<Key, Child> children_;
  std::list<typename std::map<Key, Child>::iterator> order_;
};

/// Items that wait, taken in turn: between users, then between the requests of one user, then between the
/// images of one request, which come in the order of arrival. An item of several askers waits in the turn of
/// each, and is taken once. Abandoned items come after all others; at most `max_abandoned` of them are kept,
/// and the oldest are dropped. Thread-safe; O(log n).
template <typename T>
class TurnQueue {
  struct Core;
  struct Entry;

 public:
  using Ticket = std::weak_ptr<Entry>;
  using Entered = std::function<void(const std::string& user)>;

  /// `entered` is called after an item began to wait in a turn of `user`, on any thread, even after the
  /// destruction of this queue.
  explicit TurnQueue(std::size_t max_abandoned = std::numeric_limits<std::size_t>::max(),
                     Entered entered = {})
      : core_(std::make_shared<Core>(max_abandoned, std::move(entered))) {}

  /// `askers` may be null: the turn of an unknown user.
  Ticket push(const std::shared_ptr<Askers>& askers, T item) {
    const auto entry = std::make_shared<Entry>(core_, askers, std::move(item));
    {
      const std::lock_guard lock(core_->mutex);
      ++core_->size;
    }
    if (askers == nullptr) {
      entry->wait_also({});
    } else {
      askers->begin_delay();
      const auto turns = askers->enter(entry);
      for (const auto& turn : turns) entry->wait_also(turn);
      if (turns.empty()) core_->set_aside(entry);
    }
    return entry;
  }

  struct Popped {
    std::optional<T> item;   ///< none: nothing waits
    std::vector<T> dropped;  ///< abandoned items above `max_abandoned`
  };
  [[nodiscard]] Popped pop() { return core_->pop(); }
  /// The same of one user's items; abandoned ones are not taken.
  [[nodiscard]] Popped pop_of(const std::string& user) { return core_->pop_of(user); }
  /// The oldest of those that a pop found abandoned.
  [[nodiscard]] Popped pop_abandoned() { return core_->pop_abandoned(); }
  /// Those in whose turns items wait, or waited until they were taken or abandoned.
  [[nodiscard]] std::vector<std::string> users() const {
    const std::lock_guard lock(core_->mutex);
    return core_->users.keys();
  }

  /// Takes this item out of its turn; none if it was taken already.
  [[nodiscard]] std::optional<T> take(const Ticket& ticket) {
    const auto entry = ticket.lock();
    if (entry == nullptr) return std::nullopt;
    const std::lock_guard lock(core_->mutex);
    return core_->take(*entry);
  }

  /// Items that wait.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(core_->mutex);
    return core_->size;
  }

 private:
  using Held = std::shared_ptr<Entry>;

  struct Entry final : WaitingItem, std::enable_shared_from_this<Entry> {
    Entry(const std::shared_ptr<Core>& queue, std::shared_ptr<Askers> whom, T what)
        : core(queue), askers(std::move(whom)), item(std::move(what)) {}

    void wait_also(const Turn& turn) override {
      const auto queue = core.lock();
      if (queue == nullptr) return;
      {
        const std::lock_guard lock(queue->mutex);
        if (!item) return;
        queue->users[turn.user][turn.request][turn.image].add(this->shared_from_this());
      }
      if (queue->entered) queue->entered(turn.user);
    }

    const std::weak_ptr<Core> core;
    const std::shared_ptr<Askers> askers;
    std::optional<T> item;  ///< none: taken. Guarded by the mutex of the core
  };

  /// Entries in the order of arrival.
  class Line {
   public:
    void add(Held entry) { entries_.push_back(std::move(entry)); }
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
    template <typename Fits>
    Held next(const Fits& fits) {
      while (!entries_.empty()) {
        const auto entry = std::move(entries_.front());
        entries_.pop_front();
        if (fits(entry)) return entry;
      }
      return nullptr;
    }

   private:
    std::list<Held> entries_;
  };

  struct Core {
    Core(std::size_t bound, Entered hook) : max_abandoned(bound), entered(std::move(hook)) {}

    Popped pop() {
      const std::lock_guard lock(mutex);
      auto popped = taken(users.next(fits()));
      if (!popped.item) popped.item = take_abandoned();
      return popped;
    }
    Popped pop_of(const std::string& user) {
      const std::lock_guard lock(mutex);
      return taken(users.next_of(user, fits()));
    }
    Popped pop_abandoned() {
      const std::lock_guard lock(mutex);
      auto popped = taken(nullptr);
      popped.item = take_abandoned();
      return popped;
    }

    /// Whether an item is to be taken now; abandoned ones are set aside.
    auto fits() {
      return [this](const Held& held) {
        if (!held->item) return false;
        const bool wanted = held->askers == nullptr || !held->askers->abandoned();
        if (!wanted) abandoned.push_back(held);
        return wanted;
      };
    }
    Popped taken(const Held& entry) {
      Popped popped;
      for (; abandoned.size() > max_abandoned; abandoned.pop_front())
        // One that is wanted again waits in a turn, too.
        if (abandoned.front()->item && abandoned.front()->askers->abandoned())
          popped.dropped.push_back(*take(*abandoned.front()));
      if (entry) popped.item = take(*entry);
      return popped;
    }
    std::optional<T> take_abandoned() {
      std::optional<T> item;
      for (; !item && !abandoned.empty(); abandoned.pop_front()) item = take(*abandoned.front());
      return item;
    }

    std::optional<T> take(Entry& entry) {
      if (entry.item) {
        --size;
        if (entry.askers != nullptr) entry.askers->end_delay();
      }
      return std::exchange(entry.item, std::nullopt);
    }

    void set_aside(const Held& entry) {
      const std::lock_guard lock(mutex);
      if (entry->item) abandoned.push_back(entry);
    }

    const std::size_t max_abandoned;
    const Entered entered;
    mutable std::mutex mutex;
    TurnRing<std::string, TurnRing<std::uint64_t, TurnRing<std::size_t, Line>>> users;
    std::list<Held> abandoned;
    std::size_t size = 0;
  };

  std::shared_ptr<Core> core_;
};

}  // namespace tegata::verifier
