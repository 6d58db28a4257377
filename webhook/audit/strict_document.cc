// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/strict_document.h"

#include <string>

#include "policy/model/limits.h"

namespace tegata::webhook {

Result<simdjson::dom::element> StrictDocument::parse(std::string_view text) {
  // The parser keeps many times the size of the largest text that it has read.
  if (parser_.capacity() > limits::kKeptParser && text.size() <= limits::kKeptParser)
    parser_ = simdjson::dom::parser();
  if (text.starts_with("\xEF\xBB\xBF"))
    return Error{ErrorCode::Malformed, "JSON must not begin with a byte order mark"};
  simdjson::dom::element root;
  if (const auto error = parser_.parse(text.data(), text.size()).get(root); error != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, std::string("not JSON: ") + simdjson::error_message(error)};
  TEGATA_CHECK(kubernetes::check_unambiguous(root));
  return root;
}

}  // namespace tegata::webhook
