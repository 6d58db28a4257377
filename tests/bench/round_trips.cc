// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/round_trips.h"

#include <algorithm>
#include <set>

namespace tegata::bench {

RoundTrips round_trips(std::vector<testing::Exchange> exchanges) {
  std::ranges::sort(exchanges, {}, &testing::Exchange::arrived);
  RoundTrips trips{exchanges.size(), 0, 0, 0};
  std::vector<std::size_t> chains;
  std::set<std::string> asked;
  for (const auto& exchange : exchanges) {
    std::size_t before = 0;
    for (std::size_t i = 0; i < chains.size(); ++i)
      if (exchanges[i].answered <= exchange.arrived) before = std::max(before, chains[i]);
    chains.push_back(before + 1);
    trips.sequential = std::max(trips.sequential, before + 1);
    if (!asked.insert(exchange.target).second) ++trips.repeated;
    if (exchange.target == "/v2/") ++trips.pings;
  }
  return trips;
}

}  // namespace tegata::bench
