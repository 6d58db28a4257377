// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/model/result.h"
#include "verifier/file/read_content.h"

namespace tegata::webhook {

/// As verifier::read_content(), but each Error names the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes,
                                            verifier::Pipes pipes = verifier::Pipes::Refused);

/// File system metadata of these files as a text, without reading them. The text changes when a file is
/// added, removed, written or replaced, or when a link on its path changes (as a mounted ConfigMap's `..data`
/// does). For a folder, the same for each of its entries. It can miss a second write within the timestamp
/// resolution that keeps the size: read the files from time to time.
[[nodiscard]] std::string stamps_of(const std::vector<std::string>& paths);

}  // namespace tegata::webhook
