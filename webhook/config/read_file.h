// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "policy/model/result.h"

namespace tegata::webhook {

/// The whole content of a file. NotFound, LimitExceeded above `max_bytes`, or Misconfigured (a
/// folder, no permission, …), each naming the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace tegata::webhook
