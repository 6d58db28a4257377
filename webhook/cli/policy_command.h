// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/deadline.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

enum class Strictness { WarningsPass, WarningsFail };

/// `tegata policy lint PATH`: every error (64), or else every warning (0; 1 with WarningsFail), each
/// with file, line and column. `now` decides which exemptions have expired.
/// `trusted_root`: --trusted-root, the root for policies that name none; empty: none.
[[nodiscard]] ExitCode run_policy_lint(const std::string& path, const std::string& trusted_root,
                                       Strictness strictness, Time now, const Terminal& terminal);
/// `tegata policy schema`
[[nodiscard]] ExitCode run_policy_schema(const Terminal& terminal);
/// `tegata policy explain FIELD`; an empty field is the top level.
[[nodiscard]] ExitCode run_policy_explain(const std::string& field, const Terminal& terminal);

}  // namespace tegata::webhook::cli
