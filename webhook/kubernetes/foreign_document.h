// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace tegata::webhook::kubernetes {

// Documents that people give to `tegata check` and that it does not read: what they are, and what
// would be read in their place.

inline constexpr std::string_view kCloudFormation =
    "this is a CloudFormation template; give the task definition as JSON instead, as `aws ecs "
    "describe-task-definition` returns it";
inline constexpr std::string_view kCloudTrailFile =
    "this is a file of CloudTrail records; give the EventBridge event of the call instead, which has "
    "detail-type beside the record in detail";

/// For a document that has neither apiVersion nor kind: what it is, if it is one of those that are
/// known, and what is read instead.
[[nodiscard]] std::string not_kubernetes(simdjson::dom::element document);

}  // namespace tegata::webhook::kubernetes
