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
  budget_->give_back(lane_, rest);
}

MemoryBudget::MemoryBudget(std::size_t bytes, At at) : at_(std::move(at)) {
  lanes_[kSmall].size = bytes / kSmallShare;
  lanes_[kLarge].size = bytes - lanes_[kSmall].size;
}

std::size_t MemoryBudget::lane_of(std::size_t bytes) noexcept {
  return bytes <= limits::kSmallReservation ? kSmall : kLarge;
}

/// Called under the lock.
std::optional<MemoryBudget::Reservation> MemoryBudget::take_now(std::size_t lane, std::size_t bytes) {
  auto& from = lanes_.at(lane);
  if (from.is_waited_for() || !from.has_room(bytes)) return std::nullopt;
  from.used += bytes;
  return Reservation(shared_from_this(), lane, bytes);
}

std::optional<MemoryBudget::Reservation> MemoryBudget::try_reserve(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (auto taken = take_now(lane_of(bytes), bytes)) return taken;
  return take_now(kLarge, bytes);
}

void MemoryBudget::reserve(std::size_t bytes, Terms terms, Done done) {
  const auto lane = lane_of(bytes);
  std::optional<Reservation> taken;
  std::shared_ptr<Waiter> waiter;
  Waiting::Ticket ticket;
  {
    const std::lock_guard lock(mutex_);
    bytes = std::min(bytes, lanes_.at(lane).size);
    taken = take_now(lane, bytes);
    if (!taken) {
      waiter = std::make_shared<Waiter>(bytes, terms.askers, std::move(done));
      ticket = lanes_.at(lane).waiting.push(terms.askers, waiter);
    }
  }
  if (taken) return done(*std::move(taken));
  if (terms.deadline.time() == Deadline::never().time()) return;
  at_(
      terms.deadline.time(),
      [budget = weak_from_this(), lane, late = std::weak_ptr<Waiter>(waiter), ticket] {
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
    if (from.first == waiter)
      from.first = nullptr;
    else if (!from.waiting.take(ticket))
      return;
    done.swap(waiter->done);
  }
  done(no_memory_in_time());
  grant();  // it may have been the first, and in the way of smaller ones
}

void MemoryBudget::give_back(std::size_t lane, std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    lanes_.at(lane).used -= bytes;
  }
  grant();
}

/// Takes the room for a waiter whose turn it is in its lane and that fits. Called under the lock.
std::shared_ptr<MemoryBudget::Waiter> MemoryBudget::next_ready(std::size_t& lane) {
  for (lane = kSmall; lane <= kLarge; ++lane) {
    auto& of = lanes_.at(lane);
    if (of.first == nullptr) of.first = of.waiting.pop().item.value_or(nullptr);
    if (of.first == nullptr || !of.has_room(of.first->bytes)) continue;
    of.used += of.first->bytes;
    return std::exchange(of.first, nullptr);
  }
  return nullptr;
}

// One thread calls waiters at a time, so that a chain of them that give back at once does not recurse.
void MemoryBudget::grant() {
  const auto self = shared_from_this();  // the last reservation may be the last owner
  std::unique_lock lock(mutex_);
  if (granting_) return;
  granting_ = true;
  std::size_t lane = kSmall;
  while (const auto waiter = next_ready(lane)) {
    Done done;
    done.swap(waiter->done);
    lock.unlock();
    waiter->end_delay();
    done(Reservation(self, lane, waiter->bytes));
    done = nullptr;
    lock.lock();
  }
  granting_ = false;
}

std::size_t MemoryBudget::used() const {
  const std::lock_guard lock(mutex_);
  return lanes_[kSmall].used + lanes_[kLarge].used;
}

}  // namespace tegata::verifier
