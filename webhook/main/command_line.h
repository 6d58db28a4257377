// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/cli/command.h"

namespace tegata::webhook {

/// Reads the command line (and for `serve` the environment and a configuration file), and runs the
/// command. What is wrong with it is told on the terminal's `err` and is Usage.
[[nodiscard]] cli::ExitCode run_command_line(int argc, const char* const* argv,
                                             const cli::Terminal& terminal);

}  // namespace tegata::webhook
