// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"

namespace tegata::webhook::kubernetes {

/// Returns the keyed hash (hex) of an environment variable's value.
using ValueHasher = std::function<std::string(std::string_view value)>;

/// The class of a value, guessed from its form alone. It is for people who read records, and no decision
/// depends on it; the value itself is not kept.
[[nodiscard]] ValueClass classify(std::string_view value) noexcept;

/// An environment variable with a literal value: its name, class and keyed hash.
[[nodiscard]] EnvironmentVariable literal_variable(std::string_view container, std::string_view name,
                                                   std::string_view value, const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
