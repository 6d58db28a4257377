// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/thread_crew.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace tegata::webhook::http {
namespace {

/// Whether a thread runs, or waits for nothing but a CPU (proc(5), /proc/PID/task/TID/stat). False if that
/// cannot be read.
bool is_runnable(int thread) {
  std::ifstream stat("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto name_end = text.rfind(") ");
  return name_end != text.npos && text[name_end + 2] == 'R';
}

}  // namespace

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
  wanted_ = settings_.waiting;
  while (size_ < settings_.waiting && add()) {
  }
  if (size_ == 0) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
}

void ThreadCrew::run(Member& member) {
  self_ = &member;
  member.system_id = static_cast<int>(::syscall(SYS_gettid));
  while (!finishing_) {
    const bool idle = !turn_();
    if (!idle && size_ <= wanted_) continue;
    if (retire(member, idle ? settings_.waiting : wanted_.load())) return;
  }
}

bool ThreadCrew::retire(Member& member, std::size_t wanted) {
  const std::lock_guard lock(mutex_);
  if (finishing_ || size_ <= wanted) return false;
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

bool ThreadCrew::is_held_up(const Member& member, Clock::time_point now) {
  const auto since = member.handling_since.load();
  if (since == 0) return false;
  const auto took = now.time_since_epoch() - Clock::duration(since);
  return took > 10 * kHeldUp || (took > kHeldUp && !is_runnable(member.system_id));
}

void ThreadCrew::replace_held_up(Clock::time_point now) {
  join_ended();
  const std::lock_guard lock(mutex_);
  if (finishing_) return;
  const auto held_up = static_cast<std::size_t>(
      std::ranges::count_if(members_, [&](const Member& member) { return is_held_up(member, now); }));
  // As many again: where a few are held up, more will be. No more than may handle requests are held up.
  const auto needed = settings_.waiting + std::min(2 * held_up, settings_.handlers);
  wanted_ = std::max(needed, wanted_ - wanted_ / 8);
  while (size_ < needed && add()) {
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
