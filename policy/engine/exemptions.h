// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {

/// The exemption in force at `now` that takes an image rule away for this image; null: none.
[[nodiscard]] const Exemption* exemption_for(const Policy& policy, const Rule& rule,
                                             const ImageReference& image, Time now);

/// Those in force that name vulnerabilities: they do not lift the rule, which overlooks only what they name.
[[nodiscard]] std::vector<ScopedExemption> scoped_exemptions(const Policy& policy, const Rule& rule,
                                                             const ImageReference& image, Time now);

/// The one that takes a rule about the whole request away: it has to match every image, those that
/// did not change too, and there has to be one.
[[nodiscard]] const Exemption* exemption_for(const Policy& policy, const Rule& rule,
                                             const DeploymentRequest& request, Time now);

/// Whether an exemption ends within 14 days of `now`.
[[nodiscard]] bool ends_soon(const Exemption& exemption, Time now);
/// What is then said about it.
[[nodiscard]] std::string ending_warning(const Policy& policy, const Rule& rule, const Exemption& exemption);

}  // namespace tegata::policy
