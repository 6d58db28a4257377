// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/model/result.h"

namespace tegata::webhook {

/// The whole content of a file. NotFound, LimitExceeded above `max_bytes`, or Misconfigured (a
/// folder, no permission, …), each naming the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

/// What the file system says about these files, without reading them: a text that is another one when a
/// file came, went, was written or replaced, or when a link on the way to it leads elsewhere (as a mounted
/// ConfigMap's `..data` does). Of a folder, the same for each of its entries. What two writes within the
/// clock's grain did to a file of the same size can hide in it: so look inside from time to time.
[[nodiscard]] std::string stamps_of(const std::vector<std::string>& paths);

}  // namespace tegata::webhook
