// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "policy/model/deadline.h"
#include "verifier/net/http_settings.h"
#include "verifier/net/retry.h"
#include "verifier/oci/docker_config.h"

namespace tegata::verifier {

/// What came of one question to a registry: its redirects, retries and tokens are part of it.
struct RegistryOutcome {
  std::string registry;        ///< as image references name it, wherever it redirected to
  std::optional<Error> error;  ///< none: it answered; that something is absent is an answer
  std::chrono::nanoseconds took{};
};

/// Where registries are, and as whom we ask them.
struct RegistrySettings {
  /// Registries asked over http, as an image reference names them: `HOST` is that host without a
  /// port, `HOST:PORT` that exact one. They may be on loopback, too.
  std::set<std::string> insecure_plain_http;
  /// Registries asked over TLS that may be on loopback all the same (`host:port`).
  std::set<std::string> loopback_registries;
  std::shared_ptr<CredentialSource> credentials = std::make_shared<DockerCredentials>();
  RetryPolicy retry;
  HttpSettings http;
  /// Told of each question once it is answered, on any thread; it must neither block nor throw.
  std::function<void(const RegistryOutcome&)> observe = {};
  /// Monotonic time, for the life of tokens; tests bring their own.
  std::function<Deadline::Clock::time_point()> now = [] { return Deadline::Clock::now(); };
};

}  // namespace tegata::verifier
