// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>
#include <memory>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// One JSON text, parsed and validated completely (simdjson's DOM, which checks every byte). The result of
/// parse() points into the document: it is valid until the next parse() or the end of the document.
class JsonDocument {
 public:
  JsonDocument() = default;
  /// Returns the parser for reuse by the next document of any thread: at most limits::kKeptParsers are kept,
  /// each of which has read nothing larger than limits::kKeptParser.
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  /// LimitExceeded: more than limits::kAdmissionBody bytes. Malformed: not JSON, or not UTF-8.
  /// Duplicate keys and depth are checked by check_unambiguous().
  [[nodiscard]] Result<simdjson::dom::element> parse(std::string_view text);

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  std::size_t largest_ = 0;  ///< bytes of the largest text that this parser has read here
};

/// Whether all parsers would read the same: no object has a duplicate key (compared after unescaping;
/// Malformed), and there are at most limits::kJsonDepth levels of objects and arrays (LimitExceeded).
[[nodiscard]] Status check_unambiguous(simdjson::dom::element root);

/// Whether two values are equal: members in any order, elements in order, numbers of one type.
/// Both must have passed check_unambiguous(), which bounds the depth and makes members unique.
[[nodiscard]] bool same_json(simdjson::dom::element a, simdjson::dom::element b);
[[nodiscard]] bool same_json(simdjson::dom::object a, simdjson::dom::object b);

}  // namespace tegata::webhook::kubernetes
