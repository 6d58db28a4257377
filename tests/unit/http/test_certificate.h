// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace tegata::webhook::http::testing {

/// A folder that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes a file and gives its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

/// A self-signed P-256 certificate for 127.0.0.1 and localhost, and its key, both in PEM.
struct CertificatePair {
  std::string certificate;
  std::string key;
};
/// Valid from one day before now until `days` after now (negative: over already).
[[nodiscard]] CertificatePair make_certificate(int days);

}  // namespace tegata::webhook::http::testing
