// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/model/verdict.h"

namespace tegata::policy::sample {

/// One finding, as judge makes it, for every reason that can be one; in the order of all_reasons().
[[nodiscard]] std::vector<Finding> every_finding();

}  // namespace tegata::policy::sample
