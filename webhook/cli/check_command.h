// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine/engine.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

namespace tegata::webhook::cli {

struct CheckOptions {
  std::vector<std::string> files;  ///< -f
  std::string policy;              ///< --policy
  std::string trusted_root;        ///< --trusted-root: for policies that name none; empty: none
  std::string as;                  ///< --as: a user, or for task definitions a role's ARN; empty: unknown
  std::vector<std::string> as_groups;
  std::string ns;                ///< -n; empty: `default`
  std::string account;           ///< --account: of task definitions
  std::string region;            ///< --region
  std::string cluster;           ///< --cluster: a name or an ARN
  std::string task_definitions;  ///< --task-definitions; empty: none
  policy::Mode mode = policy::Mode::Enforce;
  policy::Unmatched unmatched = policy::Unmatched::Allow;
  FailOn fail_on = FailOn::Deny;
  Format format = Format::Table;
  RegistryOptions registries;
};

/// `tegata check`: judges the requests in files as `serve` would, and records nothing.
[[nodiscard]] ExitCode run_check(const CheckOptions& options, std::istream& standard_input,
                                 const Terminal& terminal);

}  // namespace tegata::webhook::cli
