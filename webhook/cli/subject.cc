// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subject.h"

#include "policy/model/printable.h"

namespace tegata::webhook::cli {
namespace {

constexpr std::size_t kDetail = 1000;  // bytes of why a file is ignored or invalid

std::string place_of(const DeploymentRequest& request) {
  const auto name = printable(shown_name(request));
  if (request.platform == Platform::Kubernetes)
    return printable(request.kind) + " " + (request.ns.empty() ? name : printable(request.ns) + "/" + name) +
           (request.owner ? " of " + printable(short_workload_of(request)) : "");
  auto place = printable(request.operation) + " " + name;
  if (request.cluster) place += " in " + printable(*request.cluster);
  return place;
}

}  // namespace

std::string subject_of(const Reading& reading) {
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) return place_of(*request);
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading))
    return std::string(name_of(ignored->reason)) + ": " + printable(ignored->detail, kDetail);
  if (const auto* invalid = std::get_if<InvalidRequest>(&reading))
    return std::string(name_of(invalid->reason)) + ": " + printable(invalid->detail, kDetail);
  return printable(std::get<UndescribedKind>(reading).kind);
}

}  // namespace tegata::webhook::cli
