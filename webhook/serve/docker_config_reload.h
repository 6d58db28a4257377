// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "verifier/oci/docker_config.h"
#include "webhook/serve/reload.h"
#include "webhook/serve/watch.h"

namespace tegata::webhook {

/// Notices that docker's config.json changed, and replaces the credentials. A file that cannot be read is
/// logged once and the credentials before stay; without the file there are none. Call look() from one thread
/// at a time.
class DockerConfigReload {
 public:
  using Clock = Reload::Clock;
  /// Told of each config that is used from now on.
  using Told = std::function<void(const verifier::DockerConfig&)>;

  DockerConfigReload(std::shared_ptr<verifier::DockerCredentials> credentials, std::filesystem::path file,
                     Told told);

  /// Reads the file where it seems to have changed, every kLookInside, and always where it was asked to.
  void look(Watch::Look why, Clock::time_point now);

 private:
  std::shared_ptr<verifier::DockerCredentials> credentials_;
  std::filesystem::path file_;
  Told told_;
  std::string stamps_;
  Clock::time_point looked_inside_;
  std::string error_;  ///< of the last look that could not read it
};

}  // namespace tegata::webhook
