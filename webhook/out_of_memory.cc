// SPDX-License-Identifier: Apache-2.0
#include "webhook/out_of_memory.h"

#include <chrono>
#include <new>
#include <thread>

namespace tegata::webhook {

void OutOfMemory::wait() {
  waiting_ = true;
  std::set_new_handler(&on_failure);
}

/// Called by `operator new` until it succeeds or this throws. Must not allocate.
void OutOfMemory::on_failure() {
  if (depth_ > 0) throw std::bad_alloc();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace tegata::webhook
