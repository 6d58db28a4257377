// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/http/router.h"
#include "webhook/http/tls_context.h"

namespace tegata::webhook::http {

struct HttpServerSettings {
  std::string listen;                     ///< HOST:PORT
  std::shared_ptr<const TlsContext> tls;  ///< none: plain HTTP
  Answer answer;                          ///< such as a Router
  RefuseEarly refuse_early;               ///< may be empty; must not throw
  std::vector<std::string> client_names;  ///< in client certificates; the exact name of an accepted caller
  /// Gets the text of an exception of `answer`, which is answered with 500. Called on any thread; must not
  /// throw.
  OnBug on_bug = [](const std::string&) {};
  /// Gets each refusal that is sent instead of an answer. Called on any thread; must not throw.
  std::function<void(const Refusal&)> on_refusal = [](const Refusal&) {};
  std::size_t max_body = limits::kAdmissionBody;
  std::size_t body_budget = limits::kBodiesInFlight;  ///< bytes, over all connections
  std::size_t max_connections = limits::kConnections;
  std::size_t polling_threads = limits::kPollingThreads;
  std::size_t max_handlers = limits::kServerThreads;  ///< requests that are handled at one time
  std::chrono::milliseconds keep_alive = limits::kKeepAlive;
  std::chrono::milliseconds handshake = limits::kHandshake;
  std::chrono::milliseconds request = limits::kRequestRead;
  std::chrono::milliseconds reply = limits::kReplyWrite;
  std::chrono::milliseconds max_age = limits::kConnectionAge;  ///< of a connection, before its last reply
};

}  // namespace tegata::webhook::http
