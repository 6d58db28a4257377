// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "policy/model/verdict.h"

namespace tegata::webhook::cli {

/// The exit codes of the program (docs/commands.md). If several apply: 1 before 2 before 65.
enum class ExitCode {
  Ok = 0,         ///< nothing is denied
  Denied = 1,     ///< something violates or is missing, at deny
  Unchecked = 2,  ///< denied only because it could not be checked, or was not recorded
  Usage = 64,     ///< an error in the command line or a policy, or a file that does not exist
  BadInput = 65,  ///< input that is invalid
};

/// The mildest cost that fails a pipeline.
enum class FailOn { Deny, Warn, DryRun };

/// The exit code for one verdict.
[[nodiscard]] ExitCode exit_code_of(const Verdict& verdict, FailOn fail_on);
/// The one that takes precedence: 1 before 2 before 65 before 0.
[[nodiscard]] ExitCode graver(ExitCode a, ExitCode b);

enum class Style { Plain, Coloured };
enum class Format { Table, Json };

/// Where a command writes, and how.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  Style style = Style::Plain;   ///< of `out`
  bool shows_progress = false;  ///< `err` is a terminal
};

enum class Colour { Red, Green, Yellow, Cyan, Grey, Bold };

/// The text in a colour, if the style allows it.
[[nodiscard]] std::string painted(std::string_view text, Colour colour, Style style);

/// Makes text that Tegata composed safe for a terminal: control characters become `?`. For text from outside
/// use printable().
[[nodiscard]] std::string without_controls(std::string_view text);

}  // namespace tegata::webhook::cli
