// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verifier/crypto/certificate.h"
#include "verifier/sigstore/log_entry.h"

namespace tegata::verifier {

/// What a candidate brings along to prove its signature. Nothing of it is believed yet.
struct SigningMaterial {
  std::optional<Certificate> certificate;  ///< the leaf; none: signed with a bare key
  std::vector<Certificate> intermediates;  ///< may help to build a path; never a root
  std::vector<LogEntry> log_entries;
  std::vector<std::string> timestamps;  ///< TimeStampResp in DER
};

}  // namespace tegata::verifier
