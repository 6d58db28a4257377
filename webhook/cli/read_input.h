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

/// What the command line says about its files.
struct InputContext {
  std::optional<KubernetesUser> as;  ///< `--as`: who applies the manifests
  std::string ns = "default";        ///< `-n`: for manifests that name no namespace
  ecs::TaskDefinitions definitions;  ///< `--task-definitions`
  kubernetes::ValueHasher hasher;
};

/// One thing that a file asks for.
struct SourcedReading {
  std::string source;  ///< the file's name, and `#2` after it for the second of several documents
  Reading reading;
};

/// Reads a file by what is in it: a Kubernetes AdmissionReview; an ECS task definition or AWS event;
/// Kubernetes manifests, as YAML or JSON. What is none of these is one InvalidRequest. Misconfigured:
/// the file says itself who asks, and `as` is given too.
[[nodiscard]] Result<std::vector<SourcedReading>> read_input(const InputFile& file,
                                                             const InputContext& context);

}  // namespace tegata::webhook::cli
