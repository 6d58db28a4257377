// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/turn_pool.h"

#include <exception>
#include <utility>

namespace tegata::verifier {

TurnPool::TurnPool(std::size_t threads, std::function<void(const char*)> on_exception)
    : on_exception_(std::move(on_exception)) {
  threads_.reserve(threads);
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {
    finish();
    throw;
  }
}

void TurnPool::post(const std::shared_ptr<Askers>& askers, Task task) {
  queue_.push(askers, std::move(task));
  const std::lock_guard lock(mutex_);
  ++waiting_;
  task_waits_.notify_one();
}

/// Takes the task by value: what it holds is freed on this thread, before the next one.
void TurnPool::run_one(Task task) const noexcept {
  const char* what = "unknown exception";
  std::exception_ptr caught;
  try {
    task();
    return;
  } catch (const std::exception& exception) {
    caught = std::current_exception();
    what = exception.what();
  } catch (...) {
    caught = std::current_exception();
  }
  if (on_exception_) on_exception_(what);
}

void TurnPool::run() noexcept {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      task_waits_.wait(lock, [this] { return finishing_ || waiting_ > 0; });
      if (waiting_ == 0) return;  // a task that posts now runs what it posted on its own thread
      --waiting_;
    }
    auto popped = queue_.pop();
    if (popped.item) run_one(*std::move(popped.item));
  }
}

void TurnPool::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  task_waits_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace tegata::verifier
