// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/worker_pool.h"

#include <exception>
#include <utility>

namespace tegata::verifier {

WorkerPool::WorkerPool(std::size_t threads, std::function<void(const char*)> on_exception)
    : on_exception_(std::move(on_exception)) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void WorkerPool::finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void WorkerPool::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

/// Takes the task by value: what it holds is freed before its thread counts as idle.
void WorkerPool::run_one(Task task) const noexcept {
  const char* what = "unknown";
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

void WorkerPool::run() noexcept {
  std::unique_lock lock(mutex_);
  while (true) {
    // A busy thread may still post: no thread ends before the last one is idle.
    changed_.wait(lock, [this] { return !tasks_.empty() || (stopping_ && busy_ == 0); });
    if (tasks_.empty()) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    ++busy_;
    lock.unlock();
    run_one(std::move(task));
    lock.lock();
    if (--busy_ == 0 && stopping_) changed_.notify_all();
  }
}

}  // namespace tegata::verifier
