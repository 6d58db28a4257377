// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "verifier/oci/credentials.h"
#include "webhook/engine/loaded_policies.h"
#include "webhook/http/tls_context.h"
#include "webhook/serve/watch.h"

namespace tegata::webhook {

inline constexpr std::chrono::milliseconds kLookForChanges{2000};
/// Files are read again after this time even if the file system shows no change.
inline constexpr std::chrono::seconds kLookInside{30};

/// Detects changes of the policies and of the keys, certificates and roots that they name, loads them, and
/// passes them to `serve`. A set with errors is logged once and never served: the previous one stays in use.
/// Call look() from one thread at a time.
class Reload {
 public:
  using Clock = std::chrono::steady_clock;
  using Load = std::function<LoadedPolicies()>;
  using Serve = std::function<void(LoadedPolicies)>;

  /// `path`: file or folder of the policies. `served`: the set in use. `load` loads the policies again;
  /// `serve` gets each new set to use.
  Reload(std::string path, const LoadedPolicies& served, Load load, Serve serve);

  /// If nothing seems to have changed since the last look, reads the files only every kLookInside; always for
  /// Look::Asked.
  void look(Watch::Look why, Clock::time_point now);

  /// Sets that were served.
  [[nodiscard]] std::uint64_t good() const noexcept { return good_; }
  /// Sets with errors, each counted once.
  [[nodiscard]] std::uint64_t broken() const noexcept { return broken_; }
  /// Whether the current files could not be loaded.
  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }

 private:
  void take(LoadedPolicies loaded);
  void refuse(const LoadedPolicies& loaded);

  std::string path_;
  std::vector<std::string> files_;  ///< files that the last load read
  std::string hash_;                ///< of the set in use
  Load load_;
  Serve serve_;
  std::string stamps_;
  Clock::time_point looked_inside_;
  int torn_ = 0;                       ///< consecutive looks during which files were written
  std::vector<std::string> reported_;  ///< errors of the last broken set
  std::atomic<std::uint64_t> good_{0};
  std::atomic<std::uint64_t> broken_{0};
  std::atomic<bool> is_broken_{false};
};

/// Detects changes of the serving certificate's files and passes the new certificate to `serve`. One that
/// cannot be used is logged once; the previous one stays in use. Call look() from one thread at a time.
class CertificateReload {
 public:
  using Serve = std::function<void(std::shared_ptr<const http::TlsContext>)>;
  /// Called with each change that cannot be used.
  using OnRefused = std::function<void()>;
  /// The current content of the files is already in use.
  CertificateReload(
      http::TlsFiles files, Serve serve, OnRefused on_refused = [] {});
  void look(Watch::Look why, Time now);

 private:
  http::TlsFiles files_;
  Serve serve_;
  OnRefused on_refused_;
  std::string stamps_;
};

/// Detects changes of docker's config.json and replaces the credentials. A file that cannot be read is logged
/// once and the previous credentials stay in use; without the file there are none. Call look() from one
/// thread at a time.
class DockerConfigReload {
 public:
  using Clock = Reload::Clock;
  /// Called with each config that replaces another.
  using OnConfig = std::function<void(const verifier::DockerConfig&)>;

  DockerConfigReload(std::shared_ptr<verifier::DockerCredentials> credentials, std::filesystem::path file,
                     OnConfig on_config);

  /// Reads the file if it seems to have changed, every kLookInside, and always for Look::Asked.
  void look(Watch::Look why, Clock::time_point now);

 private:
  std::shared_ptr<verifier::DockerCredentials> credentials_;
  std::filesystem::path file_;
  OnConfig on_config_;
  std::string stamps_;
  Clock::time_point looked_inside_;
  std::string error_;  ///< of the last failed read
};

}  // namespace tegata::webhook
