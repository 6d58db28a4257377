// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/model/verdict.h"

namespace tegata::policy::sample {

/// One finding, as judge makes it, for every reason that can be one; in the order of all_reasons().
[[nodiscard]] std::vector<Finding> every_finding();

/// Whether a reason can be a finding at all: those of `ignored` and `invalid` cannot.
[[nodiscard]] bool can_be_finding(Reason reason);

}  // namespace tegata::policy::sample
