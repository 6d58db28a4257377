// SPDX-License-Identifier: Apache-2.0
#include "webhook/out_of_memory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <new>

#include "tests/support/little_memory.h"

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t kMuch = 64 * 1024 * 1024;

void allocate_much() { ::operator delete(::operator new(kMuch)); }

TEST(OutOfMemory, WorkForARequestFailsAndOtherThreadsWaitUntilThereIsSome) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers have their own operator new";
#endif
  OutOfMemory::wait();
  std::future<void> other;
  {
    const tegata::testing::LittleMemory little(kMuch / 2);
    other = std::async(std::launch::async, [] {
      { const OutOfMemory::Expendable ended; }
      allocate_much();
    });
    EXPECT_THROW(
        {
          const OutOfMemory::Expendable expendable;
          allocate_much();
        },
        std::bad_alloc);
    EXPECT_EQ(other.wait_for(100ms), std::future_status::timeout);
  }
  EXPECT_NO_THROW(other.get());
  std::set_new_handler(nullptr);
}

}  // namespace
}  // namespace tegata::webhook
