// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/process_cpu.h"

#include <time.h>

#include <stdexcept>
#include <string>

namespace tegata::bench {

std::chrono::nanoseconds process_cpu(pid_t process) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
    throw std::runtime_error("the CPU time of process " + std::to_string(process) + " cannot be read");
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace tegata::bench
