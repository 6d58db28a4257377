// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/image_facts.h"
#include "policy/model/scan_report.h"

namespace tegata {

/// What a source that is not an attestation knows about the vulnerabilities of an image. Absent: it has no
/// report about this digest. Reports in attestations are part of SignatureKind, whose look-up verifies them.
struct ScanKind {
  static constexpr std::string_view kName = "scans";
  static constexpr std::string_view kMetric = "scans";
  static constexpr Needs kNeeds = Needs::Digest;
  static constexpr bool kOnce = false;
  struct Question {
    ScanSource source;
    friend bool operator==(const Question&, const Question&) = default;
  };
  using Value = ScanReport;
};

}  // namespace tegata
