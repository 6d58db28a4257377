// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/integration/sigstore_cases/check_runner.h"

namespace tegata::testing {

/// Gives every case a place to be read from.
class CaseServer {
 public:
  virtual ~CaseServer() = default;
  /// NotFound: this place cannot hold the case, and why. Valid until the next call.
  [[nodiscard]] virtual Result<CaseSource> serve(const RecordedCase& one) = 0;
};

/// Straight from the recording, without a network.
[[nodiscard]] std::unique_ptr<CaseServer> recorded_layouts();

}  // namespace tegata::testing
