// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// What may follow an option.
enum class Follows { Nothing, Word, Path };

struct OptionWords {
  std::vector<std::string> names;  ///< `-o`, `--output`
  std::string help;
  Follows follows = Follows::Nothing;
};
/// One command for shell completion.
struct CommandWords {
  std::string path;  ///< `policy lint`; empty for the program itself
  std::string help;
  std::vector<OptionWords> options;
  std::vector<std::string> commands;  ///< names of subcommands
};

/// The script for `bash`, `zsh` or `fish`, generated from the options of the program; empty for
/// another shell.
[[nodiscard]] std::optional<std::string> completion_script(const std::string& shell,
                                                           const std::vector<CommandWords>& commands);

}  // namespace tegata::webhook::cli
