// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace tegata::verifier {

/// Keeps callbacks of something that may live longer from an object that is being destroyed. Shared between
/// both.
class Gate {
 public:
  /// Runs `inside`; if the gate is closed, only keeps it until the gate is destroyed, with all that it holds.
  void pass(std::function<void()> inside) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return kept_.push_back(std::move(inside));
      ++inside_;
    }
    const Leaving leaving{*this};
    inside();
  }
  /// Returns after the last that is inside has left. Must not be called inside.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    left_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  struct Leaving {
    Gate& gate;
    ~Leaving() {
      const std::lock_guard lock(gate.mutex_);
      --gate.inside_;
      gate.left_.notify_all();
    }
  };
  std::mutex mutex_;
  std::condition_variable left_;
  std::size_t inside_ = 0;
  bool closed_ = false;
  std::vector<std::function<void()>> kept_;
};

}  // namespace tegata::verifier
