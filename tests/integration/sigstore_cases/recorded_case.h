// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/result.h"

namespace tegata::testing {

/// One check of a recorded case.
struct RecordedCheck {
  std::string label;
  std::string expect;                  ///< verified, rejected or either
  std::string image;                   ///< as recorded, with the recording's host
  std::vector<std::string> arguments;  ///< of `tegata verify`; paths are relative to the fixtures
};

/// `case.json` of one folder.
struct RecordedCase {
  std::filesystem::path folder;
  std::string name;
  std::vector<RecordedCheck> checks;
};

/// Every folder of `cases` that has a case.json, by name.
[[nodiscard]] Result<std::vector<RecordedCase>> read_cases(const std::filesystem::path& cases);

}  // namespace tegata::testing
