// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

/// The times of those timestamps over `message` that an authority of `root` made while it was valid,
/// one an authority (several by one count once). Untrusted ones and garbage are skipped. Empty: none is
/// good. TooLarge: more than limits::kBundleTimestamps.
[[nodiscard]] OrRejection<std::vector<Time>> verified_timestamps(std::span<const std::string> timestamps,
                                                                 std::string_view message,
                                                                 const TrustedRoot& root);

}  // namespace tegata::verifier
