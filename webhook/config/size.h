// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook {

/// A number of bytes: digits and one of the units Ki, Mi, Gi and Ti (powers of 1024, as in Kubernetes, with
/// or without a `B` after it), or none. At most 1024Ti. Malformed, with the expected format.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace tegata::webhook
