// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace tegata::verifier {

/// Bounds of a WorkerPool.
struct WorkerPoolSettings {
  std::size_t min_threads = 0;  ///< started by the constructor, and kept until finish()
  std::size_t max_threads = 1;  ///< at least 1
  /// Tasks that may wait for a thread.
  std::size_t max_waiting = std::numeric_limits<std::size_t>::max();
};

/// Runs tasks on a bounded number of threads. A thread above `min_threads` starts when a task waits and no
/// thread is idle, and ends after 30 seconds without work. An exception of a task ends that task only.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  /// `on_exception` gets the text of what a task threw, on the task's thread. It must not throw, and may be
  /// empty. Throws std::runtime_error if `min_threads` is above 0 and no thread can be started.
  explicit WorkerPool(WorkerPoolSettings settings, std::function<void(const char* what)> on_exception = {});
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// As finish().
  ~WorkerPool() { finish(); }

  enum class Posted { Yes, Full };
  /// Full: `max_waiting` tasks are waiting already, or there is no thread and none can be started. The task
  /// is then dropped. With `min_threads` above 0 and no `max_waiting` the answer is always Yes. Thread-safe;
  /// does not wait for a task.
  Posted post(Task task);

  /// Tasks that are running.
  [[nodiscard]] std::size_t busy() const;
  [[nodiscard]] std::size_t threads() const;

  /// Runs all posted tasks, including those that tasks post meanwhile, and ends the threads. Must not be
  /// called by a task.
  void finish();

 private:
  void run() noexcept;
  void run_one(Task task) const noexcept;
  /// Whether there is a thread for one more task. Called under the lock.
  [[nodiscard]] bool add_thread();

  const WorkerPoolSettings settings_;
  const std::function<void(const char*)> on_exception_;
  mutable std::mutex mutex_;
  std::condition_variable task_waits_;
  std::condition_variable thread_ended_;
  std::deque<Task> tasks_;
  std::map<std::thread::id, std::thread> threads_;
  std::vector<std::thread> ended_;  ///< to be joined
  std::size_t idle_ = 0;
  bool finishing_ = false;
};

}  // namespace tegata::verifier
