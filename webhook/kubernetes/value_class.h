// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"

namespace tegata::webhook::kubernetes {

/// Gives the keyed hash (hex) of an environment variable's value.
using ValueHasher = std::function<std::string(std::string_view value)>;

/// What kind of value this is, told from its form alone. A guess for people who read records, never
/// a reason to decide anything; the value itself is not kept.
[[nodiscard]] ValueClass classify(std::string_view value) noexcept;

/// An environment variable with a literal value: its name, class and keyed hash.
[[nodiscard]] EnvironmentVariable literal_variable(std::string_view container, std::string_view name,
                                                   std::string_view value, const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
