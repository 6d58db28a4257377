// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

/// Reads a file of at most so many bytes.
using ReadFile = std::function<Result<std::string>(const std::string& path, std::size_t max_bytes)>;

/// The whole content. NotFound; LimitExceeded above `max_bytes`. The Error does not name the path.
[[nodiscard]] Result<std::string> read_trust_file(const std::string& path, std::size_t max_bytes);

/// As read_trusted_root(files), by way of `read`.
[[nodiscard]] Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files, const ReadFile& read);

}  // namespace tegata::verifier
