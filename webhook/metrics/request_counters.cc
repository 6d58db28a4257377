// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/request_counters.h"

#include <algorithm>
#include <string>

namespace tegata::webhook {
namespace {

/// The place of a word, or that of the last one, `other`.
template <std::size_t N>
std::size_t place_of(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  return std::min<std::size_t>(static_cast<std::size_t>(found - words.begin()), N - 1);
}

}  // namespace

void RequestCounters::count(const Reading& reading, Decision decision) {
  Place place;
  place.decision = place_of(kDecisions, name_of(decision));
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) {
    const std::string_view kind = request->kind;  // `apps/v1 Deployment`
    place.operation = place_of(kOperations, request->operation);
    place.kind = place_of(kKinds, kind.substr(kind.rfind(' ') + 1));
    place.dry_run = request->dry_run ? 1 : 0;
  }
  count(place);
}

void RequestCounters::count_unreadable() { count(Place{}); }

void RequestCounters::count(const Place& p) {
  const auto index =
      ((p.operation * kKinds.size() + p.kind) * kDecisions.size() + p.decision) * 2 + p.dry_run;
  auto* counter = counters_[index].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // The family gives equal labels the same counter, so a race here is harmless.
    counter = &family_.Add({{"operation", std::string(kOperations[p.operation])},
                            {"kind", std::string(kKinds[p.kind])},
                            {"decision", std::string(kDecisions[p.decision])},
                            {"dry_run", p.dry_run == 1 ? "true" : "false"}});
    counters_[index].store(counter, std::memory_order_release);
  }
  counter->Increment();
}

}  // namespace tegata::webhook
