// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// One JSON text, read whole and validated whole (simdjson's DOM, which looks at every byte). What
/// parse() gives points into the document and dies with it, or with the next document of the same
/// thread: a thread keeps one small parser, and large texts get one of their own.
class JsonDocument {
 public:
  /// LimitExceeded: more than limits::kAdmissionBody bytes. Malformed: not JSON, or not UTF-8.
  /// Keys that stand twice, and depth, are the business of check_unambiguous().
  [[nodiscard]] Result<simdjson::dom::element> parse(std::string_view text);

 private:
  std::unique_ptr<simdjson::dom::parser> own_;
};

/// Whether all parsers would read the same: no key stands twice in one object (compared after
/// unescaping; Malformed), and at most limits::kJsonDepth levels of objects and arrays (LimitExceeded).
[[nodiscard]] Status check_unambiguous(simdjson::dom::element root);

}  // namespace tegata::webhook::kubernetes
