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
/// neither block on the network nor throw.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  explicit WorkerPool(std::size_t threads);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// Runs what was posted, also by the tasks themselves, and then ends. Not from one of its threads.
  ~WorkerPool();

  /// Thread-safe; never blocks.
  void post(Task task);

 private:
  void run() noexcept;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tegata::verifier
