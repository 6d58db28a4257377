// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "verifier/crypto/certificate.h"
#include "verifier/sigstore/log_entry.h"
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

}  // namespace tegata::verifier
