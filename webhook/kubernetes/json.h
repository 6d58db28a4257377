// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

/// JSON as the API server sends it: a document that is checked as a whole, and the members of its objects.
namespace tegata::webhook::kubernetes {

/// One JSON text, parsed and validated completely (simdjson's DOM, which checks every byte). The result of
/// parse() points into the document: it is valid until the next parse() or the end of the document.
class JsonDocument {
 public:
  /// Review: a request of an API server, one of many at a time. File: of a command, which reads one at a
  /// time.
  enum class Of { File, Review };
  explicit JsonDocument(Of of = Of::File) : of_(of) {}
  /// Returns the parser for reuse by the next document of any thread: at most limits::kKeptParsers are kept,
  /// each of which has read nothing larger than limits::kKeptParser.
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  /// LimitExceeded: more than limits::kAdmissionBody bytes, or a review with more than limits::kReviewTokens
  /// separators. RateLimited: for a review, no part of limits::kParsing is free within limits::kParsingWait;
  /// or there is no memory. Malformed: not JSON, or not UTF-8. Duplicate keys and depth are checked by
  /// check_unambiguous().
  [[nodiscard]] Result<simdjson::dom::element> parse(std::string_view text);

 private:
  [[nodiscard]] Status reserve(std::string_view text);

  const Of of_;
  std::unique_ptr<simdjson::dom::parser> parser_;
  std::size_t largest_ = 0;   ///< bytes of the largest text that this parser has read here
  std::size_t reserved_ = 0;  ///< of limits::kParsing
};

/// One past the closing quote of the string whose opening quote is at `begin`; past the end if it has none.
[[nodiscard]] std::size_t end_of_string(std::string_view json, std::size_t begin);

/// The bytes that parsing a text takes at most, the text itself not included. LimitExceeded: more than
/// limits::kReviewTokens separators outside of strings.
[[nodiscard]] Result<std::size_t> parsing_cost(std::string_view text);

/// Whether all parsers would read the same: no object has a duplicate key (compared after unescaping;
/// Malformed), and there are at most limits::kJsonDepth levels of objects and arrays (LimitExceeded).
[[nodiscard]] Status check_unambiguous(simdjson::dom::element root);

/// Whether two values are equal: members in any order, elements in order, numbers of one type.
/// Both must have passed check_unambiguous(), which bounds the depth and makes members unique.
[[nodiscard]] bool same_json(simdjson::dom::element a, simdjson::dom::element b);
[[nodiscard]] bool same_json(simdjson::dom::object a, simdjson::dom::object b);

// Readers of members of a JSON object. A member that is absent or null is empty, as the API server reads it;
// one of another type is Malformed, and the error names `path` and the key.

[[nodiscard]] std::optional<simdjson::dom::element> member(simdjson::dom::object object,
                                                           std::string_view key);
[[nodiscard]] Result<std::optional<std::string_view>> string_member(simdjson::dom::object object,
                                                                    std::string_view key,
                                                                    std::string_view path = {});
[[nodiscard]] Result<std::optional<simdjson::dom::object>> object_member(simdjson::dom::object object,
                                                                         std::string_view key,
                                                                         std::string_view path = {});
[[nodiscard]] Result<std::optional<simdjson::dom::array>> array_member(simdjson::dom::object object,
                                                                       std::string_view key,
                                                                       std::string_view path = {});
[[nodiscard]] Result<std::optional<bool>> bool_member(simdjson::dom::object object, std::string_view key,
                                                      std::string_view path = {});

/// A name: empty if it is absent or null; Malformed if it has control characters.
[[nodiscard]] Result<std::string> name_member(simdjson::dom::object object, std::string_view key,
                                              std::string_view path);

/// `path.key`, or `key` if the path is empty.
[[nodiscard]] std::string joined(std::string_view path, std::string_view key);

}  // namespace tegata::webhook::kubernetes
