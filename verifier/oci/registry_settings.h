// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>

#include "policy/model/deadline.h"
#include "verifier/net/http_settings.h"
#include "verifier/net/retry.h"
#include "verifier/oci/docker_config.h"

namespace tegata::verifier {

/// Where registries are, and as whom we ask them.
struct RegistrySettings {
  /// Registries asked over http, as an image reference names them: `HOST` is that host without a
  /// port, `HOST:PORT` that exact one. They may be on loopback, too.
  std::set<std::string> insecure_plain_http;
  /// Registries asked over TLS that may be on loopback all the same (`host:port`).
  std::set<std::string> loopback_registries;
  DockerConfig docker_config;
  RetryPolicy retry;
  HttpSettings http;
  /// Monotonic time, for the life of tokens; tests bring their own.
  std::function<Deadline::Clock::time_point()> now = [] { return Deadline::Clock::now(); };
};

}  // namespace tegata::verifier
