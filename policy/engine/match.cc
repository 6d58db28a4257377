// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/match.h"

#include <algorithm>

namespace tegata::policy {
namespace {

bool any_matches(const std::vector<std::string>& globs, const std::string& name) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return wildcard_matches(glob, name); });
}

bool matches(const Match::Kubernetes& match, const DeploymentRequest& request) {
  if (any_matches(match.exclude_namespaces, request.ns)) return false;
  return match.namespaces.empty() || any_matches(match.namespaces, request.ns);
}

bool matches(const Match::Ecs& match, const DeploymentRequest& request) {
  const auto& accounts = match.accounts;
  const bool account = accounts.empty() || request.account.empty() ||
                       std::find(accounts.begin(), accounts.end(), request.account) != accounts.end();
  const bool cluster =
      match.clusters.empty() || !request.cluster || any_matches(match.clusters, *request.cluster);
  return account && cluster;
}

}  // namespace

bool matches(const Policy& policy, const DeploymentRequest& request) {
  if (!policy.match) return true;
  switch (request.platform) {
    case Platform::Kubernetes:
      return policy.match->kubernetes && matches(*policy.match->kubernetes, request);
    case Platform::Ecs:
      return policy.match->ecs && matches(*policy.match->ecs, request);
  }
  return true;
}

std::vector<const Policy*> matching(const PolicySet& policies, const DeploymentRequest& request) {
  std::vector<const Policy*> found;
  for (const auto& policy : policies.policies)
    if (matches(policy, request)) found.push_back(&policy);
  return found;
}

}  // namespace tegata::policy
