// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "webhook/serve/root_expiry.h"

namespace tegata::webhook {

/// Says in time that a trusted root goes stale. Thread-safe.
class RootWarnings {
 public:
  void replace(std::vector<RootExpiry> expiries);
  /// A line of the log for each part that ends within limits::kCertificateWarning or has ended; once a
  /// day, and anew after replace().
  void warn(Time now);
  /// Until the first of them ends; negative afterwards; infinite where nothing ends.
  [[nodiscard]] double seconds_left(Time now) const;

 private:
  mutable std::mutex mutex_;
  std::vector<RootExpiry> expiries_;  ///< the earliest first
  std::optional<Time> warned_;
};

}  // namespace tegata::webhook
