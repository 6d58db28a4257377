// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tegata::webhook {

/// A thread that calls `look` at an interval, and at once after look_now(). The destructor waits for a
/// running call.
class Watch {
 public:
  /// Routine: by interval. Asked: by look_now().
  enum class Look { Routine, Asked };

  Watch(std::chrono::milliseconds every, std::function<void(Look)> look);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Returns without waiting for the call.
  void look_now();

 private:
  void run();

  std::chrono::milliseconds every_;
  std::function<void(Look)> look_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool asked_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace tegata::webhook
