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
