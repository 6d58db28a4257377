// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/refused_requests.h"

#include <algorithm>
#include <string>

#include "webhook/log/log.h"

namespace tegata::webhook {

void RefusedRequests::add(const http::Refusal& refusal) {
  const auto place =
      static_cast<std::size_t>(std::ranges::find(kStatuses, refusal.status) - kStatuses.begin());
  if (place == kStatuses.size()) return;
  const auto count = ++counts_.at(place);
  {
    const std::lock_guard lock(mutex_);
    auto& last = logged_.at(place);
    const auto now = Clock::now();
    if (last != Clock::time_point() && now - last < kLogEvery) return;
    last = now;
  }
  log(LogLevel::Warning, "a request was refused before it was read",
      {{"code", refusal.status}, {"reason", std::string(refusal.text)}, {"total", count}});
}

}  // namespace tegata::webhook
