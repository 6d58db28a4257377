// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"

namespace tegata::webhook::kubernetes {

/// What a person reads of a denial. The first line, at most limits::kDenyEssence characters, says
/// what was denied and the first cause, because Events and dashboards cut; then for each image the findings
/// at cost deny, as lines of their own: the rule, expected, found, fix and help; then the decision id. At
/// most limits::kDenyMessage bytes: findings that do not fit are counted. `reading` may be null: then the
/// object is not named.
[[nodiscard]] std::string deny_message(const Verdict& verdict, const Reading* reading,
                                       std::string_view decision_id);

}  // namespace tegata::webhook::kubernetes
