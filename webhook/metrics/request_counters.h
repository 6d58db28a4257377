// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <array>
#include <atomic>
#include <string_view>

#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"

namespace tegata::webhook {

/// tegata_admission_requests_total{operation, kind, decision, dry_run}. Each combination's counter
/// is made when it is first counted and found by its index from then on.
class RequestCounters {
 public:
  explicit RequestCounters(prometheus::Family<prometheus::Counter>& family) : family_(family) {}
  void count(const Reading& reading, Decision decision);
  void count_unreadable();

 private:
  static constexpr std::array<std::string_view, 5> kOperations{"CREATE", "UPDATE", "DELETE", "CONNECT",
                                                               "other"};
  static constexpr std::array<std::string_view, 11> kKinds{
      "Pod", "PodTemplate", "ReplicationController", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet",
      "Job", "CronJob",     "ControllerRevision",    "other"};
  static constexpr std::array<std::string_view, 6> kDecisions{"allow",   "deny",    "notCovered",
                                                              "ignored", "invalid", "error"};
  struct Place {
    std::size_t operation = kOperations.size() - 1;
    std::size_t kind = kKinds.size() - 1;
    std::size_t decision = kDecisions.size() - 1;
    std::size_t dry_run = 0;
  };
  void count(const Place& place);

  prometheus::Family<prometheus::Counter>& family_;
  std::array<std::atomic<prometheus::Counter*>, 5 * 11 * 6 * 2> counters_{};
};

}  // namespace tegata::webhook
