// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace tegata::webhook::kubernetes {

// Documents that users give to `tegata check` and that it does not read: what each is, and which document to
// give instead.

inline constexpr std::string_view kCloudFormation =
    "this is a CloudFormation template; give the task definition as JSON instead, as `aws ecs "
    "describe-task-definition` returns it";
inline constexpr std::string_view kCloudTrailFile =
    "this is a file of CloudTrail records; give the EventBridge event of the call instead, which has "
    "detail-type, and the record in detail";

/// For a document that has neither apiVersion nor kind: what it is, if it is recognized, and which document
/// to give instead.
[[nodiscard]] std::string not_kubernetes(simdjson::dom::element document);

}  // namespace tegata::webhook::kubernetes
