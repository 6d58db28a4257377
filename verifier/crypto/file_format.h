// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

enum class PemFile { PublicKey, Certificates };

/// For a file that does not hold the expected PEM: Malformed, with the format that it has instead and, where
/// there is one, the command that converts it.
[[nodiscard]] Error other_format(std::string_view bytes, PemFile expected);

}  // namespace tegata::verifier
