// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "webhook/http/http_message.h"

namespace tegata::webhook::http {

/// Threads that come when work waits and no thread is idle, up to a bound, and go when they have
/// been idle for a while.
class WorkerPool {
 public:
  /// `on_bug` is told what a job threw, on the job's thread. It must not throw.
  WorkerPool(std::size_t max_threads, std::size_t max_waiting, OnBug on_bug);
  /// As finish().
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  enum class Submitted { Yes, Full };
  /// Full where `max_waiting` jobs wait for a thread already: the job is then dropped, unrun.
  Submitted submit(std::function<void()> job);
  /// Jobs that run now.
  [[nodiscard]] std::size_t busy() const;
  [[nodiscard]] std::size_t threads() const;
  /// Waits until every job has run and every thread has ended.
  void finish();

 private:
  void work();
  /// Whether there is a thread for one more job.
  [[nodiscard]] bool add_thread();

  const std::size_t max_threads_;
  const std::size_t max_waiting_;
  const OnBug on_bug_;
  mutable std::mutex mutex_;
  std::condition_variable job_waits_;
  std::condition_variable thread_ended_;
  std::deque<std::function<void()>> jobs_;
  std::map<std::thread::id, std::thread> threads_;
  std::vector<std::thread> ended_;  ///< to be joined
  std::size_t idle_ = 0;
  bool finishing_ = false;
};

}  // namespace tegata::webhook::http
