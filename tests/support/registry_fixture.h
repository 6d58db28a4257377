// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "verifier/oci/registry_source.h"

namespace tegata::testing {

/// A RegistrySource that asks these hosts over plain http, with short pauses between attempts.
inline std::unique_ptr<verifier::RegistrySource> plain_http_source(std::set<std::string> hosts,
                                                                   verifier::DockerConfig config = {}) {
  verifier::RegistrySettings settings;
  settings.insecure_plain_http = std::move(hosts);
  settings.credentials = std::make_shared<verifier::DockerCredentials>(std::move(config));
  settings.retry.first = std::chrono::milliseconds(1);
  settings.retry.longest = std::chrono::milliseconds(2);
  auto source = verifier::RegistrySource::open(std::move(settings));
  if (!source.ok()) throw std::runtime_error(source.error().message);
  return *std::move(source);
}

/// Long enough for any loopback registry under a sanitizer.
inline Deadline soon() { return Deadline::after(std::chrono::seconds(30)); }

inline verifier::ContentAnswer ask(verifier::ContentSource& source, verifier::ContentRequest request,
                                   Deadline deadline = soon()) {
  return std::move(verifier::fetch_and_wait(source, {std::move(request)}, deadline).front());
}
inline const verifier::Content& content_of(const verifier::ContentAnswer& answer) {
  if (!answer.ok()) throw std::runtime_error(answer.error().message);
  return std::get<verifier::Content>(*answer);
}
inline const verifier::Referrers& referrers_of(const verifier::ContentAnswer& answer) {
  if (!answer.ok()) throw std::runtime_error(answer.error().message);
  return std::get<verifier::Referrers>(*answer);
}

}  // namespace tegata::testing
