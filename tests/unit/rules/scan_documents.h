// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "policy/rules/scanner_report.h"
#include "testdata_folder.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::policy::testing {

/// The report of that name in tests/testdata/scans.
inline nlohmann::json scan_document(const std::string& name) {
  std::ifstream file(std::string(TEGATA_TESTDATA) + "/scans/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return nlohmann::json::parse(text.str());
}
inline Result<ScannerReport> read_document(const nlohmann::json& document) {
  return read_scanner_report(verifier::to_value(document));
}
/// With `value` in place of what is at `pointer`.
inline nlohmann::json with(nlohmann::json document, const std::string& pointer, nlohmann::json value) {
  document[nlohmann::json::json_pointer(pointer)] = std::move(value);
  return document;
}
inline nlohmann::json without(nlohmann::json document, const std::string& parent, const std::string& name) {
  document[nlohmann::json::json_pointer(parent)].erase(name);
  return document;
}

}  // namespace tegata::policy::testing
