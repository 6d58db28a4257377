// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "policy/model/image_labels.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// {"annotations": {name: value}, "labels": {name: value}, "evidence": hash of the trace, or null where
/// nothing was recorded}
[[nodiscard]] nlohmann::json labels_json(const ImageLabels& labels);

/// Reads back what labels_json() wrote. Malformed where it is something else. The trace's text is not there.
[[nodiscard]] Result<std::shared_ptr<const ImageLabels>> read_labels(const nlohmann::json& known);

}  // namespace tegata::verifier
