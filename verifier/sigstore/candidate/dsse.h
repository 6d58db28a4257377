// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A DSSE envelope (secure-systems-lab/dsse, envelope.md), decoded.
struct DsseEnvelope {
  std::string payload_type;
  std::string payload;
  std::vector<std::string> signatures;  ///< `keyid` is ignored: it is not signed
};

/// BundleMalformed: a part is missing, of another type or not base64. TooLarge: more signatures than
/// limits::kEnvelopeSignatures. The caller checks how many there must be.
[[nodiscard]] OrRejection<DsseEnvelope> read_dsse_envelope(const nlohmann::json& envelope);

/// What is signed: `DSSEv1 LEN(type) type LEN(payload) payload` (dsse, protocol.md).
[[nodiscard]] std::string pre_authentication_encoding(std::string_view payload_type,
                                                      std::string_view payload);

}  // namespace tegata::verifier
