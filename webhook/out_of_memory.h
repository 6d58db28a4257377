// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace tegata::webhook {

/// What happens when there is no memory: work that needs much of it for one request fails (std::bad_alloc);
/// all else waits until there is some. The shares of memory_limit.h are far below any limit of the system, so
/// this is for a machine without memory, or a limit that others set (RLIMIT_DATA).
class OutOfMemory {
 public:
  /// From now on, `operator new` outside of Expendable waits until there is memory. For the whole process: a
  /// liveness probe finds one that waits without end.
  static void wait();

  /// While one exists, allocations of its thread fail at once. No effect before wait().
  class Expendable {
   public:
    Expendable() : counted_(waiting_.load(std::memory_order_relaxed)) { depth_ += counted_ ? 1 : 0; }
    ~Expendable() { depth_ -= counted_ ? 1 : 0; }
    Expendable(const Expendable&) = delete;
    Expendable& operator=(const Expendable&) = delete;

   private:
    const bool counted_;
  };

 private:
  static void on_failure();
  inline static std::atomic<bool> waiting_ = false;
  inline static thread_local int depth_ = 0;
};

}  // namespace tegata::webhook
