// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/sigstore_cases/recorded_case.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace tegata::testing {
namespace {

using nlohmann::json;

// What a check asks for beside a key. Read from its own fields, so that an option that this program
// does not know can never make a check look like one that it can run.
std::optional<std::string> needs_of(const json& check) {
  const auto given = [&](const char* key) { return check.contains(key) && !check.at(key).is_null(); };
  if (given("attestation_type")) return "attestation";
  if (!given("key") || given("certificate_identity") || given("certificate_identity_regexp"))
    return "identity";
  if (check.value("require_tlog", false)) return "log";
  return std::nullopt;
}

Status read_arguments(RecordedCheck& check, const std::vector<std::string>& arguments) {
  bool without_log = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    if (option == "--insecure-ignore-tlog" || option == "--insecure-ignore-tlog=true") {
      without_log = true;
      continue;
    }
    const bool known = option == "--key" || option == "-a" || option == "--annotations";
    if (!known || i + 1 == arguments.size())
      return Error{ErrorCode::Misconfigured, "cannot run with the option " + option};
    const std::string& value = arguments[++i];
    const auto equals = value.find('=');
    if (option == "--key")
      check.key = value;
    else if (equals == std::string::npos)
      return Error{ErrorCode::Misconfigured, "an annotation is KEY=VALUE"};
    else
      check.annotations[value.substr(0, equals)] = value.substr(equals + 1);
  }
  if (check.key.empty()) return Error{ErrorCode::Misconfigured, "no --key"};
  if (!without_log) return Error{ErrorCode::Misconfigured, "a log is asked for"};
  return done();
}

RecordedCheck read_check(const json& value) {
  RecordedCheck check;
  check.label = value.at("label").get<std::string>();
  check.expect = value.at("expect").get<std::string>();
  check.image = value.at("image").get<std::string>();
  check.needs = needs_of(value);
  if (check.needs) return check;
  const auto read = read_arguments(check, value.at("arguments").get<std::vector<std::string>>());
  if (!read.ok()) check.cannot_run = read.error().message;
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
