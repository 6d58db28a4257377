// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

namespace tegata::testing {

/// While it lives, this process gets `bytes` of memory more than it has, and then none (RLIMIT_DATA).
class LittleMemory {
 public:
  explicit LittleMemory(std::size_t bytes) {
    ::getrlimit(RLIMIT_DATA, &before_);
    const rlimit little{data_bytes() + bytes, before_.rlim_max};
    if (::setrlimit(RLIMIT_DATA, &little) != 0) throw std::runtime_error("cannot set RLIMIT_DATA");
  }
  ~LittleMemory() { ::setrlimit(RLIMIT_DATA, &before_); }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;

 private:
  static rlim_t data_bytes() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
      if (line.starts_with("VmData:")) return std::stoul(line.substr(7)) * 1024;
    return 0;
  }
  rlimit before_{};
};

}  // namespace tegata::testing
