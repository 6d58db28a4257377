// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// Every document of a YAML stream as JSON text, empty documents left out. Plain scalars are typed
/// by the core schema of YAML 1.2; aliases and merge keys (`<<`, yaml.org/type/merge.html) are
/// expanded. A key that is written in the mapping takes precedence over a merged one. If it comes
/// before the `<<`, kubectl gives precedence to the merged one, so the document is refused. A mapping with
/// two `<<` is refused as well.
///
/// A document that is refused is an Error in its place, which names the line; the others are still read.
/// Malformed: an alias inside its own anchor, a merge of anything but mappings, a tag that is not
/// one of YAML's core tags or does not match its value, a key that is not a scalar, `.inf` and `.nan`.
/// LimitExceeded: more than limits::kJsonDepth levels (a merged mapping counts where it is written), or
/// limits::kInputFile bytes of JSON (anchored nodes count twice), or limits::kManifestText bytes written
/// for all documents. A YAML syntax error is the last element, because nothing after it can be read; so is
/// the LimitExceeded of more than limits::kManifestObjects documents, or of more than limits::kYamlTokens
/// characters that can separate tokens within one flow collection or scalar. Text that check_yaml_text()
/// refuses is the only element. Duplicate keys are left to the reader of the JSON.
[[nodiscard]] std::vector<Result<std::string>> json_of_yaml(std::string_view text);

}  // namespace tegata::webhook::kubernetes
