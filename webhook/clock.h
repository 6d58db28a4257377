// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "policy/model/rfc3339.h"

namespace tegata::webhook {

/// The current time, UTC. The only function that reads the wall clock.
[[nodiscard]] inline Time now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace tegata::webhook
