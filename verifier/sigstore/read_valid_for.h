// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

/// The member `validFor` of `object` (protobuf-specs: TimeRange); without one, or without an end of it,
/// unbounded there. Malformed: not an object, or not a time.
[[nodiscard]] Result<ValidFor> read_valid_for(const nlohmann::json& object);

}  // namespace tegata::verifier
