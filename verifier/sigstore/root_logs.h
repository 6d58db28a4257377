// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

enum class LogKind { Transparency, CertificateTimestamps };

/// An element of a trusted root's `tlogs` or `ctlogs` (protobuf-specs: TransparencyLogInstance). None: a
/// log whose key or hash is of an algorithm that is not read. Malformed; logId.keyId must be the key's
/// own: SHA-256 over its SubjectPublicKeyInfo or, of a transparency log, the id in its signed notes.
[[nodiscard]] Result<std::optional<LogKey>> read_root_log(const nlohmann::json& log, LogKind kind);

}  // namespace tegata::verifier
