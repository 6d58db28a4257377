// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::ecs {

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, in its parts. Partitions are not checked against
/// a list: new ones appear.
struct Arn {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  ///< `cluster/prod`, `task-definition/shop-api:43`

  /// Empty where it is not an ARN.
  [[nodiscard]] static std::optional<Arn> parse(std::string_view text);
};

/// Whether it is an AWS account id: 12 digits.
[[nodiscard]] bool is_account(std::string_view text) noexcept;

/// The name in a cluster's or service's ARN, or the text itself where it is not an ARN.
[[nodiscard]] std::string last_name(std::string_view name_or_arn);

/// What a call names as its task definition: a family, a family and a revision, or an ARN of either.
struct TaskDefinitionName {
  std::string account;  ///< empty where the call's own is meant
  std::string region;   ///< likewise
  std::string family;
  std::optional<std::int32_t> revision;  ///< none: the latest active one

  /// `shop-api:43`
  [[nodiscard]] std::string text() const;

  /// Malformed where it is none: the family is 1 to 255 letters, digits, `-` and `_`, the revision a
  /// number from 1 to 2^31 - 1, and an ARN is one of ECS.
  [[nodiscard]] static Result<TaskDefinitionName> parse(std::string_view text);
};

}  // namespace tegata::webhook::ecs
