// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/result.h"

namespace tegata::testing {

/// One check of a recorded case, with its options read from `arguments`.
struct RecordedCheck {
  std::string label;
  std::string expect;  ///< verified, rejected or either
  /// What it asks for that is not built yet: `log`, `attestation` or `identity`.
  std::optional<std::string> needs;
  std::string cannot_run;  ///< an option that this program does not know: a mismatch, never a pass
  std::string image;       ///< as recorded, with the recording's host
  std::string key;         ///< path, relative to the fixtures
  std::map<std::string, std::string> annotations;
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
