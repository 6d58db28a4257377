// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tegata::verifier {

/// A few threads for the arithmetic that follows a fetch: hashing, parsing, verifying. Tasks must
/// not block on the network. What one throws (memory may be short) ends that task alone.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  /// `on_exception` is told what a task threw, on its thread; it must not throw, and may be empty.
  explicit WorkerPool(std::size_t threads, std::function<void(const char* what)> on_exception = {});
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool() { finish(); }

  /// Runs what was posted, also by the tasks themselves, and then ends the threads. Not from one of them.
  void finish();

  /// Thread-safe; never blocks.
  void post(Task task);

 private:
  void run() noexcept;
  void run_one(Task task) const noexcept;

  const std::function<void(const char*)> on_exception_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tegata::verifier
