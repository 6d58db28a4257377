// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/sigstore_cases/recorded_case.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace tegata::testing {
namespace {

using nlohmann::json;

RecordedCheck read_check(const json& value) {
  RecordedCheck check;
  check.label = value.at("label").get<std::string>();
  check.expect = value.at("expect").get<std::string>();
  check.image = value.at("image").get<std::string>();
  check.arguments = value.at("arguments").get<std::vector<std::string>>();
  return check;
}

Result<RecordedCase> read_case(const std::filesystem::path& folder) {
  std::ifstream file(folder / "case.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  RecordedCase read{folder, folder.filename(), {}};
  try {
    const json document = json::parse(text);
    for (const json& value : document.at("checks")) read.checks.push_back(read_check(value));
  } catch (const json::exception& failure) {
    return Error{ErrorCode::Malformed, read.name + ": " + failure.what()};
  }
  return read;
}

}  // namespace

Result<std::vector<RecordedCase>> read_cases(const std::filesystem::path& cases) {
  std::error_code failed;
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(cases, failed))
    if (std::filesystem::exists(entry.path() / "case.json")) folders.push_back(entry.path());
  if (failed) return Error{ErrorCode::NotFound, cases.string() + ": " + failed.message()};
  if (folders.empty()) return Error{ErrorCode::NotFound, cases.string() + " holds no case"};
  std::sort(folders.begin(), folders.end());

  std::vector<RecordedCase> read;
  for (const auto& folder : folders) {
    TEGATA_TRY(auto one, read_case(folder));
    read.push_back(std::move(one));
  }
  return read;
}

}  // namespace tegata::testing
