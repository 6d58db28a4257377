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

enum class Purpose { Client, Server };
struct IssuedNames {
  std::string common_name;
  std::string dns_name;  ///< empty: none
};
/// A certificate authority for client certificates.
[[nodiscard]] CertificatePair make_authority();
/// Issued by `authority`, for this purpose; valid as make_certificate() says.
[[nodiscard]] CertificatePair issue(const CertificatePair& authority, const IssuedNames& names,
                                    Purpose purpose = Purpose::Client, int days = 90);

}  // namespace tegata::webhook::http::testing
