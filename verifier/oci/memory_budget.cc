// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/memory_budget.h"

#include <algorithm>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

constexpr std::size_t kSmall = 0;
constexpr std::size_t kLarge = 1;
constexpr std::size_t kSmallShare = 4;  // a quarter

Error no_memory_in_time() {
  return {ErrorCode::CutShort, "there was no memory in time to look at what is stored beside the image"};
}

}  // namespace

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
  if (!from.waiting.empty() || !from.has_room(bytes)) return std::nullopt;
  from.used += bytes;
  return Reservation(shared_from_this(), lane, bytes);
}

std::optional<MemoryBudget::Reservation> MemoryBudget::try_reserve(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (auto taken = take_now(lane_of(bytes), bytes)) return taken;
  return take_now(kLarge, bytes);
}

void MemoryBudget::reserve(std::size_t bytes, Deadline deadline, Done done) {
  const auto lane = lane_of(bytes);
  std::optional<Reservation> taken;
  std::shared_ptr<Waiter> waiter;
  {
    const std::lock_guard lock(mutex_);
    bytes = std::min(bytes, lanes_.at(lane).size);
    taken = take_now(lane, bytes);
    if (!taken) {
      waiter = std::make_shared<Waiter>(Waiter{bytes, std::move(done)});
      lanes_.at(lane).waiting.push_back(waiter);
    }
  }
  if (taken) return done(*std::move(taken));
  if (deadline.time() == Deadline::never().time()) return;
  at_(deadline.time(), [budget = weak_from_this(), lane, late = std::weak_ptr<Waiter>(waiter)] {
    if (const auto still = budget.lock()) still->expire(lane, late);
  });
}

void MemoryBudget::expire(std::size_t lane, const std::weak_ptr<Waiter>& late) {
  const auto waiter = late.lock();
  if (waiter == nullptr) return;
  Done done;
  {
    const std::lock_guard lock(mutex_);
    auto& waiting = lanes_.at(lane).waiting;
    const auto found = std::find(waiting.begin(), waiting.end(), waiter);
    if (found == waiting.end()) return;
    waiting.erase(found);
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

/// Takes the room for a waiter that is the first of its lane and fits. Called under the lock.
std::shared_ptr<MemoryBudget::Waiter> MemoryBudget::next_ready(std::size_t& lane) {
  for (lane = kSmall; lane <= kLarge; ++lane) {
    auto& of = lanes_.at(lane);
    if (of.waiting.empty() || !of.has_room(of.waiting.front()->bytes)) continue;
    auto waiter = std::move(of.waiting.front());
    of.waiting.pop_front();
    of.used += waiter->bytes;
    return waiter;
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
