// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

/// Takes everything out of this thread's OpenSSL error queue and makes one Error of it:
/// `what: first reason; second reason`.
[[nodiscard]] Error drain_openssl_errors(ErrorCode code, std::string_view what);

}  // namespace tegata::verifier
