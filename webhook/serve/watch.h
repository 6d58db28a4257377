// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tegata::webhook {

/// A thread that looks again and again, and at once when it is told to. Ends when it is destroyed, after
/// the look that is under way.
class Watch {
 public:
  /// An ordinary look, or one that somebody asked for.
  enum class Look { Routine, Asked };

  Watch(std::chrono::milliseconds every, std::function<void(Look)> look);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Does not wait for the look.
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
