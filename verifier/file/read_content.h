// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "policy/model/result.h"

namespace tegata::verifier {

/// Whether a pipe, socket or device may be read, which can block without end: only by a command that a user
/// runs (`/dev/stdin`, the `/dev/fd/63` of a shell).
enum class Pipes { Refused, Read };

/// The content of a file. NotFound; LimitExceeded above `max_bytes`; Misconfigured for anything that is not a
/// regular file (with Pipes::Read: for a folder) or that cannot be read. With Pipes::Refused it never waits:
/// not for the writer of a FIFO either. No Error names the path.
[[nodiscard]] Result<std::string> read_content(const std::string& path, std::size_t max_bytes,
                                               Pipes pipes = Pipes::Refused);

}  // namespace tegata::verifier
