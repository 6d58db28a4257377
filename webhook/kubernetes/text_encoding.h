// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// The text of a file as UTF-8 without a byte order mark. UTF-16 is told by its byte order mark, or
/// by a zero in the first or second byte (RFC 4627, section 3): PowerShell's `>` writes UTF-16LE.
/// Bytes without either are handed on as they are. Malformed: UTF-16 that is cut short or has an unpaired
/// surrogate, and UTF-32.
[[nodiscard]] Result<std::string> utf8_text(std::string_view bytes);

}  // namespace tegata::webhook::kubernetes
