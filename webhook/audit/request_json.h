// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "policy/engine/engine.h"
#include "policy/model/deployment_request.h"
#include "policy/model/result.h"
#include "verifier/json/json_text.h"
#include "webhook/audit/member_reader.h"

namespace tegata::webhook {

using verifier::JsonText;

/// The request as records and `-o json` show it: never the raw object; an environment variable as its name,
/// the class of its value and a keyed hash. docs/records.md describes the format.
[[nodiscard]] JsonText json_text(const DeploymentRequest& request);
/// A deployment as above; `{"ignored": …}`, `{"invalid": …}` or `{"undescribed": …}` otherwise.
[[nodiscard]] JsonText json_text(const Reading& reading);
/// The same as a tree.
[[nodiscard]] nlohmann::json to_json(const Reading& reading);

/// What json_text() writes, read again: json_text() of the result is the same. Malformed, naming the member,
/// if one is absent, has another type or an unknown value.
[[nodiscard]] Result<Reading> reading_from_json(const MemberReader::Element& form);

/// The requester: a username or an ARN; none if the request names none.
[[nodiscard]] std::optional<std::string> who_of(const Reading& reading);

// Names of enum values that only records use, and all values of these enums for reading them.

[[nodiscard]] constexpr std::string_view word_of(Platform platform) {
  switch (platform) {
    case Platform::Kubernetes:
      return "kubernetes";
    case Platform::Ecs:
      return "ecs";
  }
  return "kubernetes";
}
inline constexpr std::array kPlatforms{Platform::Kubernetes, Platform::Ecs};

[[nodiscard]] constexpr std::string_view word_of(EcsCallerKind kind) {
  switch (kind) {
    case EcsCallerKind::Role:
      return "role";
    case EcsCallerKind::IamUser:
      return "iamUser";
    case EcsCallerKind::Root:
      return "root";
    case EcsCallerKind::Account:
      return "account";
    case EcsCallerKind::Service:
      return "service";
  }
  return "account";
}
inline constexpr std::array kEcsCallerKinds{EcsCallerKind::Role, EcsCallerKind::IamUser, EcsCallerKind::Root,
                                            EcsCallerKind::Account, EcsCallerKind::Service};

[[nodiscard]] constexpr std::string_view word_of(DeployerQuestion question) {
  switch (question) {
    case DeployerQuestion::Judge:
      return "judge";
    case DeployerQuestion::NotEvaluable:
      return "notEvaluable";
    case DeployerQuestion::ControllerChild:
      return "controllerChild";
    case DeployerQuestion::SameTemplate:
      return "sameTemplate";
  }
  return "judge";
}
inline constexpr std::array kDeployerQuestions{DeployerQuestion::Judge, DeployerQuestion::NotEvaluable,
                                               DeployerQuestion::ControllerChild,
                                               DeployerQuestion::SameTemplate};

[[nodiscard]] constexpr std::string_view word_of(policy::Mode mode) {
  switch (mode) {
    case policy::Mode::Enforce:
      return "enforce";
    case policy::Mode::DryRun:
      return "dryrun";
  }
  return "enforce";
}
inline constexpr std::array kModes{policy::Mode::Enforce, policy::Mode::DryRun};

[[nodiscard]] constexpr std::string_view word_of(policy::Unmatched unmatched) {
  switch (unmatched) {
    case policy::Unmatched::Allow:
      return "allow";
    case policy::Unmatched::Warn:
      return "warn";
    case policy::Unmatched::Deny:
      return "deny";
  }
  return "deny";
}
inline constexpr std::array kUnmatched{policy::Unmatched::Allow, policy::Unmatched::Warn,
                                       policy::Unmatched::Deny};

[[nodiscard]] constexpr std::string_view word_of(policy::CallerBudget budget) {
  switch (budget) {
    case policy::CallerBudget::Enough:
      return "enough";
    case policy::CallerBudget::BelowMinimum:
      return "belowMinimum";
  }
  return "belowMinimum";
}
inline constexpr std::array kBudgets{policy::CallerBudget::Enough, policy::CallerBudget::BelowMinimum};

inline constexpr std::array kContainerKinds{ContainerKind::Container, ContainerKind::InitContainer,
                                            ContainerKind::EphemeralContainer, ContainerKind::ImageVolume};
inline constexpr std::array kValueClasses{
    ValueClass::Empty,      ValueClass::Reference,   ValueClass::Number,          ValueClass::Boolean,
    ValueClass::Text,       ValueClass::Url,         ValueClass::UrlWithPassword, ValueClass::AccessKeyId,
    ValueClass::PrivateKey, ValueClass::JsonWebToken};

}  // namespace tegata::webhook
