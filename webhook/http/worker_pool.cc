// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/worker_pool.h"

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "webhook/guard.h"

namespace tegata::webhook::http {
namespace {
constexpr std::chrono::seconds kIdleThread{30};
}

WorkerPool::WorkerPool(std::size_t max_threads, std::size_t max_waiting, OnBug on_bug)
    : max_threads_(max_threads), max_waiting_(max_waiting), on_bug_(std::move(on_bug)) {}

WorkerPool::~WorkerPool() { finish(); }

bool WorkerPool::add_thread() {
  try {
    std::thread thread([this] { work(); });
    const auto id = thread.get_id();
    threads_.emplace(id, std::move(thread));
    return true;
  } catch (const std::system_error&) {
    return !threads_.empty();  // the system has no more threads: those that are there will come to it
  }
}

WorkerPool::Submitted WorkerPool::submit(std::function<void()> job) {
  std::vector<std::thread> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
    if (jobs_.size() >= max_waiting_ + idle_) return Submitted::Full;
    // A job that an idle thread will take in a moment needs no new one.
    if (jobs_.size() >= idle_ && threads_.size() < max_threads_ && !add_thread()) return Submitted::Full;
    jobs_.push_back(std::move(job));
    job_waits_.notify_one();
  }
  for (auto& thread : ended) thread.join();
  return Submitted::Yes;
}

std::size_t WorkerPool::busy() const {
  const std::lock_guard lock(mutex_);
  return threads_.size() - idle_;
}

std::size_t WorkerPool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    const bool woken =
        job_waits_.wait_for(lock, kIdleThread, [this] { return finishing_ || !jobs_.empty(); });
    --idle_;
    if (jobs_.empty() && (finishing_ || !woken)) break;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    guard(job, on_bug_);
    job = nullptr;
    lock.lock();
  }
  ended_.push_back(std::move(threads_.extract(std::this_thread::get_id()).mapped()));
  thread_ended_.notify_all();
}

void WorkerPool::finish() {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  job_waits_.notify_all();
  thread_ended_.wait(lock, [this] { return threads_.empty(); });
  for (auto& thread : std::exchange(ended_, {})) {
    lock.unlock();
    thread.join();
    lock.lock();
  }
}

}  // namespace tegata::webhook::http
