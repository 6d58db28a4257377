// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <latch>
#include <memory>
#include <vector>

#include "webhook/http/http_server.h"

namespace tegata::webhook::http::testing {

/// With a certificate made once for all tests of the program.
[[nodiscard]] std::shared_ptr<const TlsContext> test_tls();
/// `/validate` echoes the body; `/throws` throws; `/readyz` answers a GET.
[[nodiscard]] std::vector<Route> echo_routes();
/// The echo routes over TLS, on a free port.
[[nodiscard]] HttpServerSettings echo_settings();
[[nodiscard]] std::unique_ptr<HttpServer> serve(HttpServerSettings settings);

/// A handler that does not return before it is let go.
struct Gate {
  explicit Gate(int expected = 1) : entered(expected) {}
  std::latch entered;
  std::latch open{1};
};
/// The echo routes, and `/gated`.
[[nodiscard]] HttpServerSettings gated(Gate& gate);

}  // namespace tegata::webhook::http::testing
