// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/trust_settings.h"
#include "verifier/crypto/certificate.h"
#include "verifier/crypto/public_key.h"
#include "verifier/crypto/signed_timestamp.h"

namespace tegata::verifier {

/// A period of validity, both ends included. Without a start or end it is open on that side.
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
  /// The SHA-256 that identifies the key in signed notes (C2SP signed-note): its first bytes are in the
  /// signature lines of a Rekor v2 log's checkpoints. For an ECDSA key, or a log without origin, it is the
  /// key's id.
  std::string note_id = {};
  /// A log without a start is never trusted: unlike an authority, it does not have a certificate with a
  /// period of validity.
  [[nodiscard]] bool trusted_at(Time time) const noexcept { return valid.start && valid.holds(time); }
};

/// The host of a log's base URL, without scheme, user and port: the origin in its checkpoints. Empty
/// if the URL has no host.
[[nodiscard]] std::string log_origin(std::string_view base_url);

/// The 32-byte id of a log in RFC 6962 and Rekor v1: SHA-256 over the SubjectPublicKeyInfo.
[[nodiscard]] std::string log_key_id(const PublicKey& key);

/// The 32-byte id of the key in signed notes of `origin` (C2SP signed-note). Without an origin, log_key_id().
[[nodiscard]] std::string note_key_id(std::string_view origin, const PublicKey& key);

struct TrustedCertificateAuthority {
  CertificateAuthority authority;
  ValidFor valid;
};

struct TrustedTimestampAuthority {
  TimestampAuthority authority;
  ValidFor valid;
};

/// Sigstore's trusted root (protobuf-specs, sigstore_trustroot.proto): the trusted sources of
/// identities and times. Parsed once; thread-safe.
struct TrustedRoot {
  std::vector<LogKey> transparency_logs;
  std::vector<LogKey> certificate_timestamp_logs;
  std::vector<TrustedCertificateAuthority> certificate_authorities;
  std::vector<TrustedTimestampAuthority> timestamp_authorities;
  TrustedRootId id;  ///< SHA-256 over all of it
};

/// Reads `trusted_root.json` of every media type in use, by either JSON name of a field. Malformed: not
/// strict JSON, an unknown member or media type, a field under both names, a wrong key id, a malformed part.
/// Logs with keys of unsupported algorithms are skipped. LimitExceeded.
[[nodiscard]] Result<TrustedRoot> parse_trusted_root(std::string_view json);

/// A root made of separate files, without end of validity: reads every path. NotFound, Malformed,
/// LimitExceeded.
[[nodiscard]] Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files);

}  // namespace tegata::verifier
