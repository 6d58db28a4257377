// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/model/image_facts.h"

namespace tegata::policy {

using ObserveImage = std::function<void(ImageQuestions&)>;

/// Which facts the rules need that match this request. Pure.
///
/// Not asked: rules that an exemption in force lifts, images that did not change, and every fact of
/// an image that an `allowedRegistries` rule at deny refuses (`--dry-run` changes nothing in that).
///
/// `observe` adds what `--observe` asks about every image that may be looked up, so that a later policy
/// finds its evidence. Empty: nothing. Not called for a request that no policy matches: no policy says
/// then which registries may be called.
[[nodiscard]] EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now,
                                const ObserveImage& observe = {});

}  // namespace tegata::policy
