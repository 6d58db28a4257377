// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/result.h"
#include "webhook/kubernetes/admission_review.h"

namespace tegata::webhook {

/// Hashes the values of environment variables with a key of this installation, so that equal values have
/// equal hashes and values cannot be guessed from hashes. The key is `value-hash.key` in `state_dir`. It is
/// created with mode 0600 if it is absent; several processes may do so concurrently. Without a `state_dir`
/// the key is random and lasts as long as the process. Misconfigured if the file can neither be read nor
/// created.
[[nodiscard]] Result<kubernetes::ValueHasher> installation_hasher(const std::string& state_dir);

}  // namespace tegata::webhook
