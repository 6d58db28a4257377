// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/cli/input_files.h"
#include "webhook/ecs/task_definition.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::cli {

/// Where a task definition given as a file would run.
struct EcsPlace {
  std::string account;                 ///< `--account`; empty: what its ARN says
  std::string region;                  ///< `--region`; likewise
  std::optional<std::string> cluster;  ///< `--cluster`: its name
  [[nodiscard]] bool is_given() const { return !account.empty() || !region.empty() || cluster; }
};

/// What the command line says about its files.
struct InputContext {
  std::string as;                      ///< `--as`: a user for manifests, a role's ARN for task definitions
  std::vector<std::string> as_groups;  ///< `--as-group`: for manifests
  std::string ns = "default";          ///< `-n`: for manifests that name no namespace
  EcsPlace place;                      ///< for task definitions
  ecs::TaskDefinitions definitions;    ///< `--task-definitions`
  kubernetes::ValueHasher hasher;
};

/// One thing that a file asks for.
struct SourcedReading {
  std::string source;  ///< the file's name, and `#2` after it for the second of several documents
  Reading reading;
};

/// Reads a file by what is in it: a Kubernetes AdmissionReview; an ECS task definition or AWS event;
/// Kubernetes manifests, as YAML or JSON; in UTF-8 or UTF-16. What is none of these is one
/// InvalidRequest. Misconfigured: the file says itself who asks or where, and the context says it too,
/// or `as` is not what this kind of file takes.
[[nodiscard]] Result<std::vector<SourcedReading>> read_input(const InputFile& file,
                                                             const InputContext& context);

}  // namespace tegata::webhook::cli
