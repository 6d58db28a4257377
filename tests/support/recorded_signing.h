// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tegata::testing {

/// What a recorded case (tests/testdata/sigstore/cases) brought along with one signature.
struct RecordedSigning {
  std::string certificate_der;
  std::string signature;                ///< raw bytes
  std::vector<std::string> timestamps;  ///< TimeStampResp in DER
  std::int64_t integrated_time = 0;     ///< seconds; 0: none
};

/// The first signature with a certificate, out of a `.sig` or `.att` manifest or a bundle. One that is not
/// there is a std::runtime_error.
[[nodiscard]] RecordedSigning recorded_signing(const std::string& case_name);

/// A file below tests/testdata/sigstore. A missing one is a std::runtime_error.
[[nodiscard]] std::string recorded_file(const std::string& path);

}  // namespace tegata::testing
