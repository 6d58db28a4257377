// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "verifier/oci/recorded_layout.h"

namespace tegata::testing {

/// The real registry of Debian's package docker-registry, on a free port of 127.0.0.1, with its data
/// in a folder of its own that goes with it.
class DockerRegistry {
 public:
  /// Unavailable where there is no /usr/bin/docker-registry, or it does not answer within 20 s.
  [[nodiscard]] static Result<std::unique_ptr<DockerRegistry>> start();
  DockerRegistry(const DockerRegistry&) = delete;
  DockerRegistry& operator=(const DockerRegistry&) = delete;
  /// Ends the process that was started, and no other.
  ~DockerRegistry();

  /// `127.0.0.1:PORT`
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Uploads everything in a recording to `repository`: blobs, then manifests by digest, indexes
  /// last, then tags. What the registry refuses is an Error. A recording with a referrers API loses
  /// its list: this registry has none.
  [[nodiscard]] Status push(const verifier::RecordedLayout& layout, const std::string& repository);
  /// Puts a manifest of the recording under one more tag.
  [[nodiscard]] Status tag(const verifier::RecordedLayout& layout, const Digest& digest,
                           const std::string& repository, const std::string& tag);

 private:
  DockerRegistry() = default;
  [[nodiscard]] Status spawn();
  [[nodiscard]] Status wait_until_ready() const;
  [[nodiscard]] Status push_blob(const std::string& repository, const Digest& digest,
                                 const std::string& bytes);
  [[nodiscard]] Status push_manifest(const std::string& repository, const std::string& reference,
                                     const std::string& bytes);

  std::string folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace tegata::testing
