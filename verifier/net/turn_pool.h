// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "verifier/net/turn_queue.h"

namespace tegata::verifier {

/// Runs tasks on a fixed number of threads, in the turns of those who wait for them. An exception of a task
/// ends that task only.
class TurnPool {
 public:
  using Task = std::function<void()>;

  /// `threads`: at least 1. `on_exception` gets the text of what a task threw, on the task's thread. It must
  /// not throw, and may be empty.
  explicit TurnPool(std::size_t threads, std::function<void(const char* what)> on_exception = {});
  TurnPool(const TurnPool&) = delete;
  TurnPool& operator=(const TurnPool&) = delete;
  /// As finish().
  ~TurnPool() { finish(); }

  /// Every task is run. Thread-safe; does not wait.
  void post(const std::shared_ptr<Askers>& askers, Task task);

  /// Runs all posted tasks, including those that tasks post meanwhile, and ends the threads. Must not be
  /// called by a task.
  void finish();

 private:
  void run() noexcept;
  void run_one(Task task) const noexcept;

  const std::function<void(const char*)> on_exception_;
  TurnQueue<Task> queue_;
  std::mutex mutex_;
  std::condition_variable task_waits_;
  std::size_t waiting_ = 0;  ///< tasks in queue_ that no thread has set out to take
  bool finishing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tegata::verifier
