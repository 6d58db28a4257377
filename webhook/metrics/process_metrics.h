// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace tegata::webhook {

/// The `process_*` metrics of the Prometheus client libraries, read from /proc at each call; one that cannot
/// be read is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace tegata::webhook
