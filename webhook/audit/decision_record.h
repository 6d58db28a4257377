// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine/judge.h"
#include "policy/model/deployment_request.h"
#include "policy/model/image_facts.h"
#include "policy/model/verdict.h"

namespace tegata::webhook {

/// How long the stages of one decision took.
struct Timings {
  std::chrono::microseconds plan{0};
  std::chrono::microseconds gather{0};
  std::chrono::microseconds judge{0};
};

/// One decision, with everything that it was made from. What is recorded is what is answered.
struct DecisionRecord {
  std::string id;      ///< 26 characters, sorts by time
  Time time;           ///< the `now` that plan and judge were given
  std::string source;  ///< `serve`, or the file given to `check`
  Reading reading;
  GatheredFacts facts;
  Verdict verdict;
  std::string policy_hash;
  policy::JudgeOptions options;
  Timings timings;
};

/// Where records go.
class AuditSink {
 public:
  virtual ~AuditSink() = default;

  /// Ok once the record is where it will stay. Waits at most limits::kAuditWait; any Error means
  /// that the record may be lost, and has been counted. Thread-safe.
  [[nodiscard]] virtual Status record(const DecisionRecord& record) = 0;
};

}  // namespace tegata::webhook
