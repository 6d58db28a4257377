// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// Every document of a YAML stream as JSON text, empty documents left out. Plain scalars are typed
/// by the core schema of YAML 1.2; aliases and merge keys (`<<`, yaml.org/type/merge.html) are
/// expanded. A key that is written in the mapping takes precedence over a merged one. Where it comes
/// before the `<<`, kubectl lets the merged one win: such a document is refused, and so is one with
/// two `<<` in one mapping.
///
/// A document that is refused costs itself, and is an Error in its place that names the line.
/// Malformed: an alias inside its own anchor, a merge of anything but mappings, a tag that is none of
/// YAML's own or does not fit its value, a key that is not a scalar, `.inf` and `.nan`.
/// LimitExceeded: more than limits::kJsonDepth levels (a merged mapping counts where it is written),
/// or limits::kInputFile bytes of JSON, or limits::kManifestText bytes written for all documents.
/// What is not YAML is the last Error: nothing behind it can be read. More than
/// limits::kManifestObjects documents are LimitExceeded, likewise last.
/// A key that appears twice is left to the reader of the JSON.
[[nodiscard]] std::vector<Result<std::string>> json_of_yaml(std::string_view text);

}  // namespace tegata::webhook::kubernetes
