// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/trusted_root_fixture.h"
#include "testdata_folder.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tegata::testing {

std::string sigstore_path(const std::string& name) {
  return std::string(TEGATA_TESTDATA) + "/sigstore/" + name;
}

std::string sigstore_file(const std::string& name) {
  std::ifstream file(sigstore_path(name), std::ios::binary);
  if (!file) throw std::runtime_error("no fixture " + name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

nlohmann::json mock_root() { return nlohmann::json::parse(sigstore_file("mock/trusted_root.json")); }

Result<verifier::TrustedRoot> parsed(const nlohmann::json& root) {
  return verifier::parse_trusted_root(root.dump());
}

std::string outcome_of(const nlohmann::json& root) {
  const auto read = parsed(root);
  return read.ok() ? "ok" : std::string(name_of(read.error().code));
}

TrustedRootFiles whole_root(const std::string& path) { return {path, {}, {}, {}, {}}; }
TrustedRootFiles authorities(std::vector<std::string> paths) { return {"", std::move(paths), {}, {}, {}}; }
TrustedRootFiles ct_logs(std::vector<std::string> paths) { return {"", {}, std::move(paths), {}, {}}; }
TrustedRootFiles logs(std::vector<std::string> paths) { return {"", {}, {}, std::move(paths), {}}; }
TrustedRootFiles timestampers(std::vector<std::string> paths) { return {"", {}, {}, {}, std::move(paths)}; }

Time mock_time() {
  using namespace std::chrono;
  return sys_days(2026y / November / 1d);
}

}  // namespace tegata::testing
