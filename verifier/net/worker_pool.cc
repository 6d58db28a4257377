// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/worker_pool.h"

#include <utility>

namespace tegata::verifier {

WorkerPool::WorkerPool(std::size_t threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void WorkerPool::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void WorkerPool::run() noexcept {
  std::unique_lock lock(mutex_);
  while (true) {
    // A busy thread may still post: nobody leaves before the last one is idle.
    changed_.wait(lock, [this] { return !tasks_.empty() || (stopping_ && busy_ == 0); });
    if (tasks_.empty()) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    ++busy_;
    lock.unlock();
    task();
    task = nullptr;  // what it holds is freed before this thread counts as idle
    lock.lock();
    if (--busy_ == 0 && stopping_) changed_.notify_all();
  }
}

}  // namespace tegata::verifier
