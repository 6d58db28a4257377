// SPDX-License-Identifier: Apache-2.0
#include "webhook/clock.h"

namespace tegata::webhook {

Time now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace tegata::webhook
