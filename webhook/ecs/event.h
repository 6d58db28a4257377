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

/// One thing read out of a document.
struct EcsReading {
  std::string name;  ///< the messageId of a batch's record; empty where the document is the thing itself
  Reading reading;
};

/// A JSON document meant for ECS: a task definition of either form, an EventBridge event, a batch of
/// them from SQS, or a hook's call, told by its keys.
class EcsDocument {
 public:
  /// Empty for what is not a JSON object, or is none of these, such as a Kubernetes object.
  [[nodiscard]] static std::optional<EcsDocument> parse(std::string_view text);

  [[nodiscard]] bool is_task_definition() const;

  /// What it asks for. What is judged, in this order: bytes (EventMalformed), trust (EventNotTrusted),
  /// what it is (CallFailed, EventUnknown, NotADeployment, NothingLaunched, ProgressOnly, ScaleOnly,
  /// TaskStopped).
  ///
  /// A call whose task definition is not among `definitions` is a DeploymentRequest with
  /// `images_unknown`. What this version does not read yet, but what starts something, is invalid
  /// and says so: task states, hooks, task sets, daemons and Express services.
  [[nodiscard]] std::vector<EcsReading> read(const TaskDefinitions& definitions,
                                             const ValueHasher& hasher) const;

 private:
  EcsDocument(std::shared_ptr<const nlohmann::json> document, std::size_t bytes)
      : document_(std::move(document)), bytes_(bytes) {}

  std::shared_ptr<const nlohmann::json> document_;
  std::size_t bytes_;  ///< of its text
};

/// What an EventBridge event asks for. `event` is an object.
[[nodiscard]] Reading read_event(const nlohmann::json& event, const TaskDefinitions& definitions,
                                 const ValueHasher& hasher);

/// What an ECS call asks for, from its CloudTrail record (`detail`), once it is trusted.
[[nodiscard]] Result<Reading> read_call(const nlohmann::json& record, std::string_view account,
                                        std::string_view region, const TaskDefinitions& definitions,
                                        const ValueHasher& hasher);

}  // namespace tegata::webhook::ecs
