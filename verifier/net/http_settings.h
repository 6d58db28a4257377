// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <set>
#include <string>

#include "policy/model/limits.h"

namespace tegata::verifier {

struct HttpSettings {
  /// PEM certificates that servers are trusted by. An operator's file takes this one's place.
  std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
  /// `host:port` that may be on loopback: named exactly by the operator.
  std::set<std::string> loopback_hosts;
  std::chrono::milliseconds connect_timeout = limits::kConnect;
  std::size_t connections_per_host = 16;
  std::size_t callback_threads = 2;
  /// Told what a callback threw, on the callback's thread; it must not throw.
  std::function<void(const char* what)> on_exception = {};
};

}  // namespace tegata::verifier
