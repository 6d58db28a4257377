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

// The steps of json_of_yaml() that need no YAML parser; they are in yaml_json.cc.

/// Refuses text in which readers of YAML find different lines or documents. The lines of YAML 1.1 (4.2) also
/// end at U+0085, U+2028 and U+2029, those of YAML 1.2 (5.4) do not; readers skip, end at or refuse other
/// control characters; and kubectl starts a document at `---` in cases where YAML does not.
/// Malformed, with the line: a carriage return without a line feed, U+2028, U+2029, a byte order mark, any
/// other control character (YAML 1.2, 5.1) but tab and line feed, bytes that are not UTF-8, and a line that
/// starts with `---` and continues with anything but blanks and a comment that a blank precedes.
[[nodiscard]] Status check_yaml_text(std::string_view text);

/// The text as a JSON string.
[[nodiscard]] std::string json_string(std::string_view text);

/// A scalar as JSON. `type` is its type by tag (`str`, `int`, `float`, `bool`, `null`), or empty for a
/// plain scalar, which is typed by the core schema of YAML 1.2 (10.3.2): null, true, false, integers
/// (decimal, 0o, 0x), floats; all else is a string. Malformed: `.inf` and `.nan`, which JSON does not
/// have, another type, and text that is not of the type.
[[nodiscard]] Result<std::string> json_of_scalar(std::string_view type, std::string_view text);

/// Expands the merge key that is member number `merge` (from 0) of a mapping. Its value is a mapping or a
/// list of mappings, and their members replace it. A merged member is left out if the mapping itself, or an
/// earlier mapping of the list, has the same key. `object` is JSON without blanks, with json_string() keys.
/// Malformed: the value is neither a mapping nor a list of mappings, or a merged key is also written before
/// the merge key, because YAML readers disagree on which one counts.
[[nodiscard]] Result<std::string> merge_json(std::string_view object, std::size_t merge);

}  // namespace tegata::webhook::kubernetes
