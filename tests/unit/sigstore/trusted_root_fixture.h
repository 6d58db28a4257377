// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::testing {

/// A file of tests/testdata/sigstore: its path, and what stands in it.
[[nodiscard]] std::string sigstore_path(const std::string& name);
[[nodiscard]] std::string sigstore_file(const std::string& name);

/// The private Sigstore's root, as a document that tests change.
[[nodiscard]] nlohmann::json mock_root();
[[nodiscard]] Result<verifier::TrustedRoot> parsed(const nlohmann::json& root);
/// `ok`, or the name of the error's code.
[[nodiscard]] std::string outcome_of(const nlohmann::json& root);

/// A root of one file, or of the files of one kind alone.
[[nodiscard]] TrustedRootFiles whole_root(const std::string& path);
[[nodiscard]] TrustedRootFiles authorities(std::vector<std::string> paths);
[[nodiscard]] TrustedRootFiles ct_logs(std::vector<std::string> paths);
[[nodiscard]] TrustedRootFiles logs(std::vector<std::string> paths);
[[nodiscard]] TrustedRootFiles timestampers(std::vector<std::string> paths);

/// 2026-11-01T00:00:00Z, when all of the mock's keys are in use.
[[nodiscard]] Time mock_time();

}  // namespace tegata::testing
