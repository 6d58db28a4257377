// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// One JSON text, read whole and validated whole (simdjson's DOM, which looks at every byte). What
/// parse() gives points into the document and dies with it, or with the next parse().
class JsonDocument {
 public:
  JsonDocument() = default;
  /// Hands the parser on to the next document of any thread: at most limits::kKeptParsers are kept,
  /// each of which has read nothing larger than limits::kKeptParser.
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  /// LimitExceeded: more than limits::kAdmissionBody bytes. Malformed: not JSON, or not UTF-8.
  /// Repeated keys, and depth, are the business of check_unambiguous().
  [[nodiscard]] Result<simdjson::dom::element> parse(std::string_view text);

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  std::size_t largest_ = 0;  ///< bytes of the largest text that this parser has read here
};

/// Whether all parsers would read the same: no key stands twice in one object (compared after
/// unescaping; Malformed), and at most limits::kJsonDepth levels of objects and arrays (LimitExceeded).
[[nodiscard]] Status check_unambiguous(simdjson::dom::element root);

}  // namespace tegata::webhook::kubernetes
