// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/thread_crew.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace tegata::webhook::http {

thread_local ThreadCrew::Member* ThreadCrew::self_ = nullptr;

ThreadCrew::ThreadCrew(Settings settings, Turn turn, std::function<void()> all_handling)
    : settings_(settings), turn_(std::move(turn)), all_handling_(std::move(all_handling)) {}

bool ThreadCrew::add() {
  auto& member = members_.emplace_back();
  try {
    member.thread = std::thread([this, &member] { run(member); });
  } catch (const std::system_error&) {
    members_.pop_back();  // the system has no more threads: the present ones go on
    return false;
  }
  ++size_;
  return true;
}

void ThreadCrew::start() {
  const std::lock_guard lock(mutex_);
  while (size_ < settings_.waiting && add()) {
  }
  if (size_ == 0) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
}

void ThreadCrew::run(Member& member) {
  self_ = &member;
  while (!finishing_)
    if (!turn_() && retire(member)) return;
}

bool ThreadCrew::retire(Member& member) {
  const std::lock_guard lock(mutex_);
  if (finishing_ || size_ <= settings_.waiting) return false;
  --size_;
  return member.ended = true;
}

bool ThreadCrew::enter_handler() {
  const auto handling = ++handling_;
  if (handling > settings_.handlers) {
    --handling_;
    return false;
  }
  self_->handling_since = Clock::now().time_since_epoch().count();
  if (handling >= size_) all_handling_();
  return true;
}

void ThreadCrew::leave_handler() {
  self_->handling_since = 0;
  --handling_;
}

void ThreadCrew::replace_held_up(Clock::time_point now) {
  join_ended();
  const std::lock_guard lock(mutex_);
  if (finishing_) return;
  const auto before = (now - kHeldUp).time_since_epoch().count();
  const auto held_up = static_cast<std::size_t>(std::ranges::count_if(members_, [&](const Member& member) {
    const auto since = member.handling_since.load();
    return since != 0 && since < before;
  }));
  // As many again: where a few are held up, more will be.
  while (size_ < settings_.waiting + 2 * held_up && add()) {
  }
}

void ThreadCrew::join_ended() {
  std::list<Member> ended;
  {
    const std::lock_guard lock(mutex_);
    for (auto member = members_.begin(); member != members_.end();) {
      const auto next = std::next(member);
      if (member->ended) ended.splice(ended.end(), members_, member);
      member = next;
    }
  }
  for (auto& member : ended) member.thread.join();
}

void ThreadCrew::finish() {
  finishing_ = true;
  {
    const std::lock_guard lock(mutex_);  // no thread is added after this
  }
  for (auto& member : members_) member.thread.join();
  members_.clear();
  size_ = 0;
}

}  // namespace tegata::webhook::http
