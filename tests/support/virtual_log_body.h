// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace tegata::testing {

/// Something signed, and who signed it: all that log entries tell.
struct VirtualSigned {
  std::string message;          ///< the bytes signed; for DSSE the pre-authentication encoding
  std::string signature;        ///< raw bytes
  int hash_bits = 256;          ///< of the SHA-2 that was signed with
  std::string key_details;      ///< as Rekor v2 names the algorithm
  std::string certificate_der;  ///< "": a bare key
  std::string public_key_der;
  std::optional<std::string> payload;   ///< of a DSSE envelope, decoded
  std::optional<std::string> envelope;  ///< its JSON
};

/// What a log stores: canonical JSON.
struct VirtualLogBody {
  std::string kind;
  std::string version;
  std::string text;
};

/// Fitting: what cosign 2.5 and 3.1 write. The others: what older clients wrote.
enum class EntryKind { Fitting, Rekord, Dsse, IntotoV001, IntotoV002 };

/// Rekor v1 (sigstore/rekor, pkg/types). Fitting: dsse 0.0.1 for an envelope, else hashedrekord 0.0.1.
[[nodiscard]] VirtualLogBody log_body_v1(const VirtualSigned& content, EntryKind kind = EntryKind::Fitting);
/// Rekor v2 (D.5.5). Fitting: hashedrekord 0.0.2; Dsse: dsse 0.0.2.
[[nodiscard]] VirtualLogBody log_body_v2(const VirtualSigned& content, EntryKind kind = EntryKind::Fitting);

}  // namespace tegata::testing
