// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "policy/model/result.h"

namespace tegata::webhook::cli {

/// One file given to a command, or why it could not be read as a whole.
struct InputFile {
  std::string name;  ///< as the user can find it again; `-` is standard input
  Result<std::string> text;
};

/// What `-f` names, in the order given: files, `-`, and folders, of which every *.yaml, *.yml and
/// *.json file is taken in the order of their names, not those of folders below. A file above
/// limits::kInputFile bytes is LimitExceeded. NotFound or Misconfigured, as a whole, where a path
/// names nothing that can be read.
[[nodiscard]] Result<std::vector<InputFile>> read_input_files(const std::vector<std::string>& paths,
                                                              std::istream& standard_input);

}  // namespace tegata::webhook::cli
