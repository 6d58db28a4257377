// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/main/arguments.h"

namespace tegata::webhook {

/// The commands that verify signatures, without a policy.
void add_verify(CLI::App& app, Runs& runs, const cli::Terminal& terminal);
void add_verify_bundle(CLI::App& app, Runs& runs, const cli::Terminal& terminal);
void add_verify_blob(CLI::App& app, Runs& runs, const cli::Terminal& terminal);

}  // namespace tegata::webhook
