// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/result.h"
#include "webhook/kubernetes/admission_review.h"

namespace tegata::webhook {

/// Hashes the values of environment variables under a key of this installation, so that equal
/// values can be seen to be equal and none can be guessed. The key is `value-hash.key` in `state_dir`
/// (made where it is absent, for its owner alone, also by several programs at once); without a
/// `state_dir` it is random and lives as long as the process. Misconfigured where the file can be
/// neither read nor made.
[[nodiscard]] Result<kubernetes::ValueHasher> installation_hasher(const std::string& state_dir);

}  // namespace tegata::webhook
