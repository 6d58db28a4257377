// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/rfc3339.h"

namespace tegata::webhook {

/// The current time, UTC. The only function that reads the wall clock.
[[nodiscard]] Time now();

}  // namespace tegata::webhook
