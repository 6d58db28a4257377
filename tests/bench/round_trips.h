// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "tests/support/layout_server.h"

namespace tegata::bench {

/// What a registry was asked for one verification.
struct RoundTrips {
  std::size_t requests = 0;
  /// The longest chain of requests each of which arrived when the one before had been answered: what
  /// a slow network is waited for. Exact where every answer takes longer than side by side requests
  /// are apart, as with 20 ms.
  std::size_t sequential = 0;
  std::size_t repeated = 0;  ///< requests for something that had been asked for before
  std::size_t pings = 0;     ///< requests for /v2/ itself
};

[[nodiscard]] RoundTrips round_trips(std::vector<testing::Exchange> exchanges);

}  // namespace tegata::bench
