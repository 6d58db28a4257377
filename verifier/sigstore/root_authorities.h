// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

// Elements of a trusted root's `certificateAuthorities` and `timestampAuthorities` (protobuf-specs:
// CertificateAuthority). Malformed: no certificate, or one that is none. LimitExceeded: more than
// limits::kCertificateChain.
[[nodiscard]] Result<TrustedCertificateAuthority> read_certificate_authority(const nlohmann::json& authority);
[[nodiscard]] Result<TrustedTimestampAuthority> read_timestamp_authority(const nlohmann::json& authority);

}  // namespace tegata::verifier
