// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine/engine.h"
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

/// One decision with all its inputs. The record and the answer always agree.
struct DecisionRecord {
  std::string id;      ///< 26 characters, sorts by time
  Time time;           ///< the `now` of plan and judge
  std::string source;  ///< `serve`, or the file given to `check`
  Reading reading;
  GatheredFacts facts;
  Verdict verdict;
  std::string policy_hash;
  policy::JudgeOptions options;
  Timings timings;
  std::string client = {};    ///< the accepted name in the client certificate, or `none`; empty: no caller
  std::string trace_id = {};  ///< of the caller's trace, 32 hex digits; empty: none
};

/// Destination of records.
class AuditSink {
 public:
  virtual ~AuditSink() = default;

  /// Ok once the record is stored. Waits at most until the deadline. An Error means that the record may be
  /// lost; it has been counted. Thread-safe.
  [[nodiscard]] virtual Status record(const DecisionRecord& record, Deadline deadline) = 0;
};

}  // namespace tegata::webhook
