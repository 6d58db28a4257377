// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

namespace tegata::webhook::cli {

/// What the program ends with (design.md, section 8). Where several apply: 1 before 2 before 65.
enum class ExitCode {
  Ok = 0,         ///< nothing is denied
  Denied = 1,     ///< something violates or is missing, at deny
  Unchecked = 2,  ///< denied only because it could not be checked, or was not recorded
  Usage = 64,     ///< the command line, a policy, or a file that is not there
  BadInput = 65,  ///< input that is invalid
};

enum class Style { Plain, Coloured };
enum class Format { Table, Json };

/// Where a command writes, and how.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  Style style = Style::Plain;   ///< of `out`
  bool shows_progress = false;  ///< `err` is a terminal
};

}  // namespace tegata::webhook::cli
