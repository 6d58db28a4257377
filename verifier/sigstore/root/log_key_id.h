// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "verifier/crypto/public_key.h"

namespace tegata::verifier {

/// The host of a log's base URL, without scheme, user and port: the origin in its checkpoints. Empty
/// if the URL has no host.
[[nodiscard]] std::string log_origin(std::string_view base_url);

/// The 32-byte id of a log in RFC 6962 and Rekor v1: SHA-256 over the SubjectPublicKeyInfo.
[[nodiscard]] std::string log_key_id(const PublicKey& key);

/// The 32-byte id of the key in signed notes of `origin` (C2SP signed-note). Without an origin, log_key_id().
[[nodiscard]] std::string note_key_id(std::string_view origin, const PublicKey& key);

}  // namespace tegata::verifier
