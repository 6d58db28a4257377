// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::ecs {

// AWS does not accept control characters in names and ARNs: a name that has some was not written by AWS.

/// A member that is a name or an ARN; empty if it is absent or null. Malformed if it is
/// not a string, or has control characters or marks of bidirectional text.
[[nodiscard]] Result<std::string> name_member(const nlohmann::json& object, std::string_view key);

/// Checks that every string in `value`, including keys, is a valid name in this sense. Malformed, naming the
/// first that is not.
[[nodiscard]] Status check_names(const nlohmann::json& value, std::string_view what);

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, split into its parts. Partitions are not checked against
/// a list, because AWS adds new ones.
struct Arn {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  ///< `cluster/prod`, `task-definition/shop-api:43`

  /// Empty if it is not an ARN.
  [[nodiscard]] static std::optional<Arn> parse(std::string_view text);
};

/// Whether it is an AWS account id: 12 digits.
[[nodiscard]] bool is_account(std::string_view text) noexcept;

/// The name in a cluster's or service's ARN, or the text itself if it is not an ARN.
[[nodiscard]] std::string last_name(std::string_view name_or_arn);

/// The task definition that a call names: a family, a family and a revision, or an ARN of either.
struct TaskDefinitionName {
  std::string account;  ///< empty: that of the call
  std::string region;   ///< empty: that of the call
  std::string family;
  std::optional<std::int32_t> revision;  ///< none: the latest active one

  /// `shop-api:43`
  [[nodiscard]] std::string text() const;

  /// Malformed if it is not valid: the family is 1 to 255 letters, digits, `-` and `_`, the revision a
  /// number from 1 to 2^31 - 1, and an ARN is one of ECS.
  [[nodiscard]] static Result<TaskDefinitionName> parse(std::string_view text);
};

}  // namespace tegata::webhook::ecs
