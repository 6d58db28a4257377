// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/ecs/task_definition.h"

namespace tegata::webhook::ecs {

/// One reading from a document.
struct EcsReading {
  std::string name;  ///< the messageId of a batch's record; empty if the document is not a batch
  Reading reading;
};

/// A JSON document about ECS: a task definition of either form, an EventBridge event, a batch of events from
/// SQS, or the call of a hook. It is recognized by its keys.
class EcsDocument {
 public:
  /// Empty if the text is not a JSON object, or not one of these documents (for example a Kubernetes object).
  [[nodiscard]] static std::optional<EcsDocument> parse(std::string_view text);

  [[nodiscard]] bool is_task_definition() const;

  /// The requests in it. It is checked in this order: bytes (EventMalformed), trust (EventNotTrusted),
  /// kind (CallFailed, EventUnknown, NotADeployment, NothingLaunched, ProgressOnly, ScaleOnly,
  /// TaskStopped).
  ///
  /// A call whose task definition is not among `definitions` is a DeploymentRequest with
  /// `images_unknown`. Events that start something but are not supported in this version are invalid
  /// and their detail says so: task states, hooks, task sets, daemons and Express services.
  [[nodiscard]] std::vector<EcsReading> read(const TaskDefinitions& definitions,
                                             const ValueHasher& hasher) const;

 private:
  EcsDocument(std::shared_ptr<const nlohmann::json> document, std::size_t bytes)
      : document_(std::move(document)), bytes_(bytes) {}

  std::shared_ptr<const nlohmann::json> document_;
  std::size_t bytes_;  ///< of its text
};

/// The request in an EventBridge event. `event` is an object.
[[nodiscard]] Reading read_event(const nlohmann::json& event, const TaskDefinitions& definitions,
                                 const ValueHasher& hasher);

/// The request of an ECS call, from its CloudTrail record (`detail`), which must already be trusted.
[[nodiscard]] Result<Reading> read_call(const nlohmann::json& record, std::string_view account,
                                        std::string_view region, const TaskDefinitions& definitions,
                                        const ValueHasher& hasher);

}  // namespace tegata::webhook::ecs
