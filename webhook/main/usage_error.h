// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tegata::webhook {

/// One line for people about a command line that `app` could not parse: the command, and what is unknown,
/// required or wrong. What is unknown comes first, because it often explains what seems to be absent.
[[nodiscard]] std::string usage_error(const CLI::App& app, const CLI::ParseError& wrong);

}  // namespace tegata::webhook
