// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// `tegata version`: the program's version and commit, and the libraries it was built with.
[[nodiscard]] ExitCode run_version(Format format, const Terminal& terminal);

}  // namespace tegata::webhook::cli
