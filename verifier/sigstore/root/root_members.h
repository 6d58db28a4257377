// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

// Elements of a trusted root's `certificateAuthorities` and `timestampAuthorities` (protobuf-specs:
// CertificateAuthority). Malformed: no certificate, or an invalid one. LimitExceeded: more than
// limits::kCertificateChain.
[[nodiscard]] Result<TrustedCertificateAuthority> read_certificate_authority(const nlohmann::json& authority);
[[nodiscard]] Result<TrustedTimestampAuthority> read_timestamp_authority(const nlohmann::json& authority);

enum class LogKind { Transparency, CertificateTimestamps };

/// An element of a trusted root's `tlogs` or `ctlogs` (protobuf-specs: TransparencyLogInstance). None: a
/// log with an unsupported key or hash algorithm. Malformed; logId.keyId must be the key's
/// own: SHA-256 over its SubjectPublicKeyInfo or, of a transparency log, the id in its signed notes.
[[nodiscard]] Result<std::optional<LogKey>> read_root_log(const nlohmann::json& log, LogKind kind);

/// The SubjectPublicKeyInfo in DER (RFC 3279, section 2.3.1) around an RSAPublicKey of PKCS#1. Does not
/// check the content: PublicKey::parse_der does.
[[nodiscard]] std::string rsa_public_key_info(std::string_view pkcs1);

}  // namespace tegata::verifier
