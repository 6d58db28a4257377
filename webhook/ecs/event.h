// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/ecs/task_definition.h"

namespace tegata::webhook::ecs {

/// One thing read out of a document.
struct EcsReading {
  std::string name;  ///< the messageId of a batch's record; empty where the document is the thing itself
  Reading reading;
};

/// Whether this JSON text is meant for ECS: a task definition, an event, or a hook's call, told by its
/// keys. False for what is no JSON object, and for Kubernetes objects.
[[nodiscard]] bool is_ecs_document(std::string_view text);

/// Reads a task definition of either form, an EventBridge event, or a batch of them from SQS. What is
/// judged, in this order: bytes (EventMalformed), trust (EventNotTrusted), what it is (CallFailed,
/// EventUnknown, NotADeployment, NothingLaunched, ProgressOnly, ScaleOnly, TaskStopped).
///
/// A call whose task definition is not among `definitions` is a DeploymentRequest with
/// `images_unknown`. What this version does not read yet, but what starts something, is invalid
/// and says so: task states, hooks, task sets, daemons and Express services.
[[nodiscard]] std::vector<EcsReading> read_ecs_document(std::string_view text,
                                                        const TaskDefinitions& definitions,
                                                        const ValueHasher& hasher);

/// What an EventBridge event asks for. `event` is an object.
[[nodiscard]] Reading read_event(const nlohmann::json& event, const TaskDefinitions& definitions,
                                 const ValueHasher& hasher);

/// What an ECS call asks for, from its CloudTrail record (`detail`), once it is trusted.
[[nodiscard]] Result<Reading> read_call(const nlohmann::json& record, std::string_view account,
                                        std::string_view region, const TaskDefinitions& definitions,
                                        const ValueHasher& hasher);

}  // namespace tegata::webhook::ecs
