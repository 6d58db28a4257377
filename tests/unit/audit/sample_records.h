// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "webhook/audit/decision_record.h"

namespace tegata::webhook {

/// A Deployment of two containers by a CI account, with every member that a record can hold.
[[nodiscard]] DeploymentRequest sample_request();
/// A RunTask by a role.
[[nodiscard]] DeploymentRequest sample_task();
/// A denial with one finding.
[[nodiscard]] Verdict sample_verdict();
/// The facts of one image: nothing known of its signatures but `evidence`, under its hash.
[[nodiscard]] ImageFacts sample_facts(const std::string& image, const std::string& evidence);
[[nodiscard]] DecisionRecord sample_record(const std::string& id);

}  // namespace tegata::webhook
