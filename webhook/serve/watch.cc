// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/watch.h"

#include <utility>

namespace tegata::webhook {

Watch::Watch(std::chrono::milliseconds every, std::function<void(Look)> look)
    : every_(every), look_(std::move(look)), thread_([this] { run(); }) {}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Watch::look_now() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  wake_.notify_all();
}

void Watch::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_for(lock, every_, [this] { return asked_ || ended_; });
    if (ended_) return;
    const auto why = std::exchange(asked_, false) ? Look::Asked : Look::Routine;
    lock.unlock();
    look_(why);
    lock.lock();
  }
}

}  // namespace tegata::webhook
