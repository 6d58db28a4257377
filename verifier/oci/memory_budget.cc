// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/memory_budget.h"

#include <algorithm>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

constexpr std::size_t kSmall = 0;
constexpr std::size_t kLarge = 1;
constexpr std::size_t kSmallShare = 8;  // an eighth

Error no_memory_in_time() {
  return {ErrorCode::CutShort, "there was no memory in time to look at what is stored beside the image"};
}

}  // namespace

/// One reserve() that waits.
struct MemoryBudget::Waiter {
  Waiter(std::size_t wanted, std::shared_ptr<Askers> whom, Done then)
      : bytes(wanted), askers(std::move(whom)), done(std::move(then)) {
    if (askers != nullptr) askers->begin_delay();
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { end_delay(); }

  void end_delay() {
    if (const auto whom = std::exchange(askers, nullptr)) whom->end_delay();
  }

  const std::size_t bytes;
  std::shared_ptr<Askers> askers;
  Done done;
};

void MemoryBudget::Reservation::shrink(std::size_t bytes) {
  if (bytes >= bytes_) return;
  const auto rest = bytes_ - bytes;
  bytes_ = bytes;
  budget_->give_back(lane_, user_, rest);
}

MemoryBudget::MemoryBudget(std::size_t bytes, At at) : at_(std::move(at)) {
  lanes_[kSmall].size = bytes / kSmallShare;
  lanes_[kLarge].size = bytes - lanes_[kSmall].size;
}

std::size_t MemoryBudget::lane_of(std::size_t bytes) noexcept {
  return bytes <= limits::kSmallReservation ? kSmall : kLarge;
}

/// Called under the lock.
std::optional<MemoryBudget::Reservation> MemoryBudget::take_now(std::size_t lane, const std::string& user,
                                                                std::size_t bytes) {
  auto& from = lanes_.at(lane);
  auto& holder = from.users[user];
  if (!from.has_room(bytes) || !from.may_hold_more(holder)) return std::nullopt;
  from.hold(holder, bytes);
  return Reservation(shared_from_this(), lane, user, bytes);
}

std::optional<MemoryBudget::Reservation> MemoryBudget::try_reserve(std::size_t bytes,
                                                                   const std::shared_ptr<Askers>& askers) {
  const auto user = askers == nullptr ? std::string() : askers->user();
  const std::lock_guard lock(mutex_);
  if (auto taken = take_now(lane_of(bytes), user, bytes)) return taken;
  return take_now(kLarge, user, bytes);
}

void MemoryBudget::reserve(std::size_t bytes, Terms terms, Done done) {
  const auto lane = lane_of(bytes);
  std::shared_ptr<Waiter> waiter;
  Waiting::Ticket ticket;
  {
    const std::lock_guard lock(mutex_);
    bytes = std::min(bytes, lanes_.at(lane).size);
    waiter = std::make_shared<Waiter>(bytes, terms.askers, std::move(done));
    ticket = lanes_.at(lane).waiting.push(terms.askers, waiter);
  }
  const std::weak_ptr<Waiter> late = waiter;
  waiter = nullptr;
  grant();
  if (late.expired() || terms.deadline.time() == Deadline::never().time()) return;
  at_(
      terms.deadline.time(),
      [budget = weak_from_this(), lane, late, ticket] {
        if (const auto still = budget.lock()) still->expire(lane, late, ticket);
      },
      terms.askers);
}

void MemoryBudget::expire(std::size_t lane, const std::weak_ptr<Waiter>& late,
                          const Waiting::Ticket& ticket) {
  const auto waiter = late.lock();
  if (waiter == nullptr) return;
  Done done;
  {
    const std::lock_guard lock(mutex_);
    auto& from = lanes_.at(lane);
    const auto user = std::find_if(from.users.begin(), from.users.end(),
                                   [&](const auto& of) { return of.second.next == waiter; });
    if (user != from.users.end())
      user->second.next = nullptr;
    else if (!from.waiting.take(ticket))
      return;
    done.swap(waiter->done);
  }
  done(no_memory_in_time());
  grant();  // it may have been the first, and in the way of others
}

void MemoryBudget::give_back(std::size_t lane, const std::string& user, std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    auto& to = lanes_.at(lane);
    to.used -= bytes;
    to.users.at(user).bytes -= bytes;
  }
  grant();
}

std::shared_ptr<MemoryBudget::Waiter> MemoryBudget::Lane::next_ready(std::string& user) {
  for (const auto& name : waiting.users()) users.try_emplace(name, User{0, turns, nullptr});
  for (auto& [name, holder] : users)
    // Not before it may be granted: it may come in the turn of another user, too.
    if (holder.next == nullptr && may_hold_more(holder))
      holder.next = waiting.pop_of(name).item.value_or(nullptr);
  std::erase_if(users, [](const auto& of) { return of.second.next == nullptr && of.second.bytes == 0; });
  auto first = users.end();
  for (auto of = users.begin(); of != users.end(); ++of)
    if (of->second.next != nullptr && may_hold_more(of->second) && has_room(of->second.next->bytes) &&
        (first == users.end() || of->second.turn < first->second.turn))
      first = of;
  if (first == users.end()) return nullptr;
  user = first->first;
  hold(first->second, first->second.next->bytes);
  return std::exchange(first->second.next, nullptr);
}

// One thread calls waiters at a time, so that a chain of them that give back at once does not recurse.
void MemoryBudget::grant() {
  const auto self = shared_from_this();  // the last reservation may be the last owner
  std::unique_lock lock(mutex_);
  if (granting_) return;
  granting_ = true;
  for (std::size_t lane = kSmall; lane <= kLarge;) {
    std::string user;
    const auto waiter = lanes_.at(lane).next_ready(user);
    if (waiter == nullptr) {
      ++lane;
      continue;
    }
    Done done;
    done.swap(waiter->done);
    lock.unlock();
    waiter->end_delay();
    done(Reservation(self, lane, std::move(user), waiter->bytes));
    done = nullptr;
    lock.lock();
    lane = kSmall;
  }
  granting_ = false;
}

std::size_t MemoryBudget::used() const {
  const std::lock_guard lock(mutex_);
  return lanes_[kSmall].used + lanes_[kLarge].used;
}

}  // namespace tegata::verifier
