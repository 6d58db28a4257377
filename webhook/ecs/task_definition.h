// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/ecs/names.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::ecs {

using kubernetes::ValueHasher;

/// A task definition of ECS, as far as we need it.
struct TaskDefinition {
  TaskDefinitionName name;  ///< account, region and revision only if the document contains them
  bool active = true;       ///< its `status` is not INACTIVE
  std::vector<ContainerImage> images;
  std::vector<EnvironmentVariable> environment;

  /// As register-task-definition takes it, or with `taskDefinition` around it as
  /// DescribeTaskDefinition returns it. Malformed, naming the field; LimitExceeded.
  [[nodiscard]] static Result<TaskDefinition> read(const nlohmann::json& document, const ValueHasher& hasher);
  /// The same, from JSON text of at most limits::kInputFile bytes.
  [[nodiscard]] static Result<TaskDefinition> parse(std::string_view text, const ValueHasher& hasher);

  /// The request to judge when it is given as a file: the caller and the cluster are unknown.
  [[nodiscard]] DeploymentRequest request() const;
};

/// Whether the object is a task definition of either form.
[[nodiscard]] bool is_task_definition(const nlohmann::json& document);

/// The task definitions that are available (`--task-definitions DIR`).
class TaskDefinitions {
 public:
  /// Malformed if one with the same account, region, family and revision was added before.
  [[nodiscard]] Status add(TaskDefinition definition);

  /// The definition that the name refers to in a call of this account and region. A definition with an
  /// account and region matches only calls of these. Without a revision: the highest active one. NotFound if
  /// there is none; the message says what to do.
  [[nodiscard]] Result<const TaskDefinition*> find(const TaskDefinitionName& name, std::string_view account,
                                                   std::string_view region) const;

  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

 private:
  std::vector<TaskDefinition> all_;
};

/// Every `*.json` file of the folder, each one task definition of either form. A file that cannot be
/// read is an error that names it: leaving out a definition silently would be a security gap.
[[nodiscard]] Result<TaskDefinitions> read_task_definitions(const std::filesystem::path& folder,
                                                            const ValueHasher& hasher);

}  // namespace tegata::webhook::ecs
