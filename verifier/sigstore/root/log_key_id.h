// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "verifier/crypto/public_key.h"

namespace tegata::verifier {

/// The host of a log's base URL, without scheme, user and port (D.5.4): what its checkpoints call it.
/// Empty: there is none.
[[nodiscard]] std::string log_origin(std::string_view base_url);

/// The 32 bytes by which RFC 6962 and Rekor v1 name a log: SHA-256 over the SubjectPublicKeyInfo.
[[nodiscard]] std::string log_key_id(const PublicKey& key);

/// The 32 bytes by which a signed note of `origin` names the key (C2SP signed-note; reference/sigstore.md,
/// D.5.4). Without an origin, log_key_id().
[[nodiscard]] std::string note_key_id(std::string_view origin, const PublicKey& key);

}  // namespace tegata::verifier
