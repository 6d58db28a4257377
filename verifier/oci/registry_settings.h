// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "policy/model/deadline.h"
#include "verifier/net/retry.h"
#include "verifier/oci/credentials.h"

namespace tegata::verifier {

/// The outcome of one request to a registry, including its redirects, retries and token requests.
struct RegistryOutcome {
  std::string registry;        ///< as in image references, regardless of redirects
  std::optional<Error> error;  ///< empty: it answered; NotFound is also an answer
  std::chrono::nanoseconds took{};
};

/// How registries are reached, and with which credentials.
struct RegistrySettings {
  /// Registries reached over http, as in image references: `HOST` without a port, or exactly `HOST:PORT`.
  /// They may also be on loopback.
  std::set<std::string> insecure_plain_http;
  /// Registries reached over TLS that may be on loopback (`host:port`).
  std::set<std::string> loopback_registries;
  std::shared_ptr<CredentialSource> credentials = std::make_shared<DockerCredentials>();
  RetryPolicy retry;
  HttpSettings http;
  /// Called after each request, on any thread; must neither block nor throw.
  std::function<void(const RegistryOutcome&)> observe = {};
  /// Bytes that may be held in manifests and candidates at one time (memory_budget.h); 0: no bound.
  std::size_t memory = 0;
  /// Monotonic time, for the lifetime of tokens; tests replace it.
  std::function<Deadline::Clock::time_point()> now = [] { return Deadline::Clock::now(); };
};

}  // namespace tegata::verifier
