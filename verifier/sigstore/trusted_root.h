// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/trust_settings.h"
#include "verifier/crypto/certificate_chain.h"
#include "verifier/crypto/public_key.h"
#include "verifier/crypto/signed_timestamp.h"

namespace tegata::verifier {

/// When a root may be believed: closed at both ends. Without an end: still.
struct ValidFor {
  std::optional<Time> start;
  std::optional<Time> end;
  [[nodiscard]] bool holds(Time time) const noexcept {
    return (!start || *start <= time) && (!end || time <= *end);
  }
};

/// A Rekor or CT log: its key, and when its key was in use.
struct LogKey {
  PublicKey key;
  std::string key_id;  ///< raw bytes of logId.keyId, as the root names it
  std::string origin;  ///< host name of baseUrl; "" where it is not known
  ValidFor valid;
  /// SHA-256 by which signed notes name the key (C2SP signed-note; reference/sigstore.md, D.5.4): its
  /// first bytes stand in the signature lines of a Rekor v2 log's checkpoints. Of an ECDSA key, or of a
  /// log without origin, the same as the key's own id.
  std::string note_id = {};
  /// A log without a start is believed at no time (D.5.1): unlike an authority, it has no certificate
  /// that would bound it instead.
  [[nodiscard]] bool believed_at(Time time) const noexcept { return valid.start && valid.holds(time); }
};

struct TrustedCertificateAuthority {
  CertificateAuthority authority;
  ValidFor valid;
};

struct TrustedTimestampAuthority {
  TimestampAuthority authority;
  ValidFor valid;
};

/// Sigstore's trusted root (protobuf-specs, sigstore_trustroot.proto): whom a verifier believes about
/// identities and times. Parsed once; used from any thread.
struct TrustedRoot {
  std::vector<LogKey> transparency_logs;
  std::vector<LogKey> certificate_timestamp_logs;
  std::vector<TrustedCertificateAuthority> certificate_authorities;
  std::vector<TrustedTimestampAuthority> timestamp_authorities;
  TrustedRootId id;  ///< SHA-256 over all of it
};

/// Reads `trusted_root.json` of every media type in use, by either JSON name of a field. Malformed: not
/// strict JSON, an unknown member or media type, a field by both names, a foreign key id, an unreadable part.
/// Keys of algorithms that are not read (and their logs) are left out. LimitExceeded.
[[nodiscard]] Result<TrustedRoot> parse_trusted_root(std::string_view json);

/// A root of single files, always valid: reads every path. NotFound, Malformed, LimitExceeded.
[[nodiscard]] Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files);

}  // namespace tegata::verifier
