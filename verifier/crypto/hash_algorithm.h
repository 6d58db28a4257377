// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tegata::verifier {

enum class HashAlgorithm { Sha256, Sha384, Sha512 };

/// The raw bytes of the hash of `message`.
[[nodiscard]] std::string hash(HashAlgorithm algorithm, std::string_view message);

}  // namespace tegata::verifier
