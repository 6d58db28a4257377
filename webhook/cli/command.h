// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "policy/model/verdict.h"

namespace tegata::webhook::cli {

/// What the program ends with (design.md, section 8). Where several apply: 1 before 2 before 65.
enum class ExitCode {
  Ok = 0,         ///< nothing is denied
  Denied = 1,     ///< something violates or is missing, at deny
  Unchecked = 2,  ///< denied only because it could not be checked, or was not recorded
  Usage = 64,     ///< the command line, a policy, or a file that is not there
  BadInput = 65,  ///< input that is invalid
};

/// The mildest cost that fails a pipeline.
enum class FailOn { Deny, Warn, DryRun };

/// What one verdict ends a command with.
[[nodiscard]] ExitCode exit_code_of(const Verdict& verdict, FailOn fail_on);
/// The one that counts where there are several: 1 before 2 before 65 before 0.
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

/// The text in a colour, where the terminal shows colours.
[[nodiscard]] std::string painted(std::string_view text, Colour colour, Style style);

/// Text that our own code has composed, made unable to move the cursor: control characters become
/// `?`. For text from outside there is printable().
[[nodiscard]] std::string without_controls(std::string_view text);

}  // namespace tegata::webhook::cli
