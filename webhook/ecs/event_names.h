// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tegata::webhook::ecs {

/// What an ECS call is to us, by its name.
enum class CallKind {
  RunTask,  ///< RunTask, StartTask
  CreateService,
  UpdateService,
  RegisterTaskDefinition,
  LaterDeployment,  ///< starts something, in a way that this version does not read yet
  NoDeployment,     ///< known, and starts nothing
  Unknown,
};
[[nodiscard]] CallKind call_kind(std::string_view event_name) noexcept;

/// Whether a parameter of UpdateService leaves alone what runs. One that we do not know does not.
[[nodiscard]] bool only_scales(std::string_view parameter) noexcept;

}  // namespace tegata::webhook::ecs
