// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/worker_pool.h"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace tegata::verifier {
namespace {
constexpr std::chrono::seconds kIdleThread{30};
}  // namespace

WorkerPool::WorkerPool(WorkerPoolSettings settings, std::function<void(const char*)> on_exception)
    : settings_(settings), on_exception_(std::move(on_exception)) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < settings_.min_threads; ++i)
    if (!add_thread()) throw std::runtime_error("no thread can be started");
}

bool WorkerPool::add_thread() {
  try {
    std::thread thread([this] { run(); });
    const auto id = thread.get_id();
    threads_.emplace(id, std::move(thread));
    return true;
  } catch (const std::system_error&) {
    return !threads_.empty();  // the system has no more threads: the present ones will take the task
  }
}

WorkerPool::Posted WorkerPool::post(Task task) {
  std::vector<std::thread> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
    const bool no_idle_thread = tasks_.size() >= idle_;  // each waiting task takes one of them in a moment
    if (no_idle_thread && tasks_.size() - idle_ >= settings_.max_waiting) return Posted::Full;
    if (no_idle_thread && threads_.size() < settings_.max_threads && !add_thread()) return Posted::Full;
    tasks_.push_back(std::move(task));
    task_waits_.notify_one();
  }
  for (auto& thread : ended) thread.join();
  return Posted::Yes;
}

std::size_t WorkerPool::busy() const {
  const std::lock_guard lock(mutex_);
  return threads_.size() - idle_;
}

std::size_t WorkerPool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

/// Takes the task by value: what it holds is freed before its thread counts as idle.
void WorkerPool::run_one(Task task) const noexcept {
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

void WorkerPool::run() noexcept {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    task_waits_.wait_for(lock, kIdleThread, [this] { return finishing_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) {
      // A task that posts while the pool finishes starts a thread again, or its own thread runs what it
      // posted.
      if (finishing_ || threads_.size() > settings_.min_threads) break;
      continue;
    }
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    run_one(std::move(task));
    lock.lock();
  }
  ended_.push_back(std::move(threads_.extract(std::this_thread::get_id()).mapped()));
  thread_ended_.notify_all();
}

void WorkerPool::finish() {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  task_waits_.notify_all();
  thread_ended_.wait(lock, [this] { return threads_.empty(); });
  for (auto& thread : std::exchange(ended_, {})) {
    lock.unlock();
    thread.join();
    lock.lock();
  }
}

}  // namespace tegata::verifier
