// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/deadline.h"

namespace tegata::webhook {

/// The present, UTC. The one place that reads the wall clock.
[[nodiscard]] Time now();

/// `2026-11-22T13:07:22.123Z` (RFC 3339).
[[nodiscard]] std::string rfc3339(Time time);

}  // namespace tegata::webhook
