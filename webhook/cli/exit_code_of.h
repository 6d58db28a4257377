// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/model/verdict.h"
#include "webhook/cli/check_command.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// What one verdict ends a command with.
[[nodiscard]] ExitCode exit_code_of(const Verdict& verdict, FailOn fail_on);
/// The one that counts where there are several: 1 before 2 before 65 before 0.
[[nodiscard]] ExitCode graver(ExitCode a, ExitCode b);

}  // namespace tegata::webhook::cli
