// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/integration/sigstore_cases/check_runner.h"

namespace tegata::testing {

/// Gives every case a place to be read from.
class CaseServer {
 public:
  virtual ~CaseServer() = default;
  /// Valid until the next call.
  [[nodiscard]] virtual Result<CaseSource> serve(const RecordedCase& one) = 0;
};

/// Straight from the recording, without a network.
[[nodiscard]] std::unique_ptr<CaseServer> recorded_layouts();
/// From a registry of our own that serves the recordings over HTTP, referrers in pages of three,
/// through the program's registry client.
[[nodiscard]] Result<std::unique_ptr<CaseServer>> served_layouts(const std::filesystem::path& cases);
/// From a registry that already holds the cases, over plain HTTP.
[[nodiscard]] Result<std::unique_ptr<CaseServer>> live_registry(const std::string& host);

}  // namespace tegata::testing
