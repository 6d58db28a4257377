// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/deployment_request.h"
#include "policy/model/result.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"
#include "webhook/ecs/task_definition.h"
#include "webhook/engine/loaded_policies.h"
#include "webhook/kubernetes/value_class.h"

/// What the options of the commands name, read: files of requests, policies, and settings of registries.
namespace tegata::webhook::cli {

/// One file given to a command, or why it could not be read as a whole.
struct InputFile {
  std::string name;  ///< as the user can find it again; `-` is standard input
  Result<std::string> text;
};

/// The files that `-f` names, in the order given: files, `-`, and folders. From a folder, every *.yaml, *.yml
/// and *.json file is read in the order of their names, without subfolders. A file above limits::kInputFile
/// bytes is LimitExceeded. The whole call is NotFound or Misconfigured if a path cannot be read.
[[nodiscard]] Result<std::vector<InputFile>> read_input_files(const std::vector<std::string>& paths,
                                                              std::istream& standard_input);

/// Where a task definition given as a file would run.
struct EcsPlace {
  std::string account;                 ///< `--account`; empty: that of its ARN
  std::string region;                  ///< `--region`; empty: that of its ARN
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

/// One reading from a file.
struct SourcedReading {
  std::string source;  ///< the file's name, and `#2` after it for the second of several documents
  Reading reading;
};

/// Reads a file according to its content: a Kubernetes AdmissionReview; an ECS task definition or AWS event;
/// Kubernetes manifests, as YAML or JSON; in UTF-8 or UTF-16. Any other file is one
/// InvalidRequest. Misconfigured: the file and the context both say who deploys or where, or `as` has the
/// wrong form for this kind of file.
[[nodiscard]] Result<std::vector<SourcedReading>> read_input(const InputFile& file,
                                                             const InputContext& context);

/// The policies at `path` with their trust material; `trusted_root` is the value of --trusted-root, or empty.
/// Empty if there is an error; then every error has been written to the terminal's `err`, one per line.
[[nodiscard]] std::optional<LoadedPolicies> load_policy(const std::string& path,
                                                        const std::string& trusted_root,
                                                        const Terminal& terminal);

/// As registry_settings(). Warnings go to the terminal's `err`, under the command's name.
[[nodiscard]] Result<ConfiguredRegistries> configured_registries(const RegistryOptions& options,
                                                                 const std::string& command,
                                                                 const Terminal& terminal);

}  // namespace tegata::webhook::cli
