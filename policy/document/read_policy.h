// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/document/reading.h"

namespace tegata::policy {

/// One DeploymentPolicy, and what of its meaning is wrong. The result counts only where the load as
/// a whole has no error.
[[nodiscard]] Policy read_policy(const Reading& reading, const Node& document);

}  // namespace tegata::policy
