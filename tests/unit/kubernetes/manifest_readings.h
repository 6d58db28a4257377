// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include "webhook/kubernetes/manifests.h"

namespace tegata::webhook::kubernetes {

inline std::vector<ManifestReading> read(std::string_view text, const ManifestSettings& settings = {}) {
  auto readings = read_manifests(text, settings, {});
  if (!readings.ok()) throw std::runtime_error(readings.error().message);
  return *std::move(readings);
}

/// The request of the only object.
inline DeploymentRequest request_of(std::string_view text, const ManifestSettings& settings = {}) {
  const auto readings = read(text, settings);
  if (readings.size() != 1U) throw std::runtime_error("not one object");
  if (const auto* invalid = std::get_if<InvalidRequest>(&readings[0].reading))
    throw std::runtime_error(invalid->detail);
  return std::get<DeploymentRequest>(readings[0].reading);
}

inline std::string invalid_detail(const Reading& reading) {
  const auto* invalid = std::get_if<InvalidRequest>(&reading);
  return invalid == nullptr ? "" : invalid->detail;
}

inline constexpr std::string_view kPod = R"(
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: nginx:1.27
)";

}  // namespace tegata::webhook::kubernetes
