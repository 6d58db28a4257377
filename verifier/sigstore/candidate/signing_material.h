// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/crypto/certificate.h"
#include "verifier/sigstore/candidate/log_entry.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// What a candidate brings along to prove its signature. Nothing of it is believed yet. A part that
/// cannot be read rejects the candidate for whoever needs that part.
struct SigningMaterial {
  OrRejection<std::optional<Certificate>> certificate;  ///< the leaf; none: signed with a bare key
  OrRejection<std::vector<Certificate>> intermediates;  ///< may help to build a path; never a root
  OrRejection<std::vector<LogEntry>> log_entries;
  OrRejection<std::vector<std::string>> timestamps;  ///< TimeStampResp in DER
};

/// From the annotations of a `.sig` or `.att` layer (reference/sigstore.md, B.1): certificate, chain,
/// bundle, rfc3161timestamp.
[[nodiscard]] SigningMaterial read_material(const std::map<std::string, std::string>& annotations);

/// What `cosign sign-blob --bundle` wrote about a file before sigstore's own bundles, and writes on demand
/// (sigstore/cosign, pkg/cosign: LocalSignedPayload).
struct CosignBundle {
  std::string signature;
  SigningMaterial material;
};

/// Whether a document is meant as one: a JSON object with a base64Signature.
[[nodiscard]] bool is_cosign_bundle(std::string_view json);

/// Reads `base64Signature`, `cert` (PEM of a certificate or public key, in base64 or as it is; a public key
/// is not looked at) and `rekorBundle` (as in the annotation of a layer). BundleMalformed: not strict JSON,
/// an unknown member, a part of another type. What is in certificate and log entry is read as read_material
/// does.
[[nodiscard]] OrRejection<CosignBundle> read_cosign_bundle(std::string_view json);

}  // namespace tegata::verifier
