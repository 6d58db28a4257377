// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deadline.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A Merkle audit path (RFC 6962, section 2.1.1) and the checkpoint that must contain its root.
struct InclusionProof {
  std::int64_t log_index = 0;  ///< within the tree
  std::int64_t tree_size = 0;
  std::string root_hash;            ///< 32 bytes as sent; not checked yet
  std::vector<std::string> hashes;  ///< 32 bytes each
  std::string checkpoint;           ///< a signed note; may be empty in a v0.1 bundle
};

/// A TransparencyLogEntry (protobuf-specs, sigstore_rekor.proto), read and not verified.
struct LogEntry {
  std::int64_t log_index = 0;                   ///< over all shards of the log
  std::string key_id;                           ///< logId.keyId: 32 bytes in Rekor's logs
  std::optional<std::string> kind;              ///< none: from cosign's annotation
  std::string version;                          ///< with a kind
  std::optional<std::int64_t> integrated_time;  ///< seconds; only a verified SET makes it a time
  std::optional<std::string> promise;           ///< signedEntryTimestamp
  std::optional<InclusionProof> proof;
  std::string canonicalized_body;
};

/// An element of a bundle's tlogEntries. Integers are JSON numbers or strings of digits (protojson),
/// exact and not negative. LogEntryMalformed.
[[nodiscard]] OrRejection<LogEntry> read_log_entry(const nlohmann::json& entry);

/// cosign's annotation `dev.sigstore.cosign/bundle` (cosign, specs/SIGNATURE_SPEC.md): SignedEntryTimestamp,
/// and the Payload that it signs. Strict JSON. LogEntryMalformed, TooLarge.
[[nodiscard]] OrRejection<LogEntry> read_log_annotation(std::string_view annotation);

}  // namespace tegata::verifier
