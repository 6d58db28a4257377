// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/cli/command.h"
#include "webhook/main/arguments.h"

namespace tegata::webhook {

/// Reads the command line (and for `serve` the environment and a configuration file), and runs the
/// command. An error in it is written to the terminal's `err`, and the result is Usage.
[[nodiscard]] cli::ExitCode run_command_line(int argc, const char* const* argv,
                                             const cli::Terminal& terminal);

/// The commands that verify signatures, without a policy.
void add_verify(CLI::App& app, Runs& runs, const cli::Terminal& terminal);
void add_scan(CLI::App& app, Runs& runs, const cli::Terminal& terminal);
void add_verify_bundle(CLI::App& app, Runs& runs, const cli::Terminal& terminal);
void add_verify_blob(CLI::App& app, Runs& runs, const cli::Terminal& terminal);

}  // namespace tegata::webhook
