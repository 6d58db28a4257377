// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>

namespace tegata::bench {

/// The CPU time that a process has used so far, user and system, of all its threads: what utime +
/// stime of /proc/PID/stat count in ticks of 10 ms, here in nanoseconds. Throws where there is no such
/// process.
[[nodiscard]] std::chrono::nanoseconds process_cpu(pid_t process);

}  // namespace tegata::bench
