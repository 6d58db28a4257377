// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "policy/model/predicate.h"

namespace tegata::verifier {

/// The same value without a JSON library. Whole numbers stay exact within 64 bits with sign; above
/// that, and with a fraction, they are double.
[[nodiscard]] Value to_value(const nlohmann::json& value);

}  // namespace tegata::verifier
