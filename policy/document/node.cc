// SPDX-License-Identifier: Apache-2.0
#include "policy/document/node.h"

#include <re2/re2.h>

namespace tegata::policy {

// The resolutions of YAML 1.1 (yaml.org/type) and of the 1.2 core schema, both: what one reader
// takes for a number and the other for text is refused, so that no two readers can differ.
bool plain_is_not_text(std::string_view text) {
  static const re2::RE2 resolved(
      "(?i:~|null|true|false|yes|no|on|off|y|n|"
      "[-+]?[.]inf|[.]nan|"
      "[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-f_]+|"
      "[-+]?[0-9][0-9_]*(:[0-5]?[0-9])*([.][0-9_]*)?(e[-+]?[0-9]+)?|"
      "[-+]?[.][0-9][0-9_]*(e[-+]?[0-9]+)?)");
  return text.empty() || re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), resolved);
}

}  // namespace tegata::policy
