// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deadline.h"
#include "verifier/crypto/certificate.h"
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

/// The verification material of a candidate, not verified yet. A part that cannot be parsed rejects the
/// candidate only for authorities that need this part.
struct SigningMaterial {
  OrRejection<std::optional<Certificate>> certificate;  ///< the leaf; none: signed with a bare key
  OrRejection<std::vector<Certificate>> intermediates;  ///< may help to build a path; never a root
  OrRejection<std::vector<LogEntry>> log_entries;
  OrRejection<std::vector<std::string>> timestamps;  ///< TimeStampResp in DER
};

/// From the annotations of a `.sig` or `.att` layer (cosign, specs/SIGNATURE_SPEC.md): certificate, chain,
/// bundle, rfc3161timestamp.
[[nodiscard]] SigningMaterial read_material(const std::map<std::string, std::string>& annotations);

/// The format of `cosign sign-blob --bundle` before sigstore bundles; cosign still writes it on request
/// (sigstore/cosign, pkg/cosign: LocalSignedPayload).
struct CosignBundle {
  std::string signature;
  SigningMaterial material;
};

/// Whether a document has this format: a JSON object with a base64Signature.
[[nodiscard]] bool is_cosign_bundle(std::string_view json);

/// Reads `base64Signature`, `cert` (PEM of a certificate or public key, in base64 or as text; a public key
/// is ignored) and `rekorBundle` (as in the annotation of a layer). BundleMalformed: not strict JSON,
/// an unknown member, a part of another type. The certificate and the log entry are parsed as in
/// read_material().
[[nodiscard]] OrRejection<CosignBundle> read_cosign_bundle(std::string_view json);

}  // namespace tegata::verifier
