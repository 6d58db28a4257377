// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "policy/model/result.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

// The JSON text of what a ContentSource was asked and what it answered:
//
//   {"requests": [{"tag": {"repository", "tag"}, "answer": ANSWER},
//                 {"manifest" | "blob" | "referrers": {"repository", "digest"}, "answer": ANSWER}]}
//   ANSWER: {"digest", "mediaType"}                                 content; its bytes are in the store
//         | {"manifests": [{"digest", "mediaType", "size"}], "truncated"}
//         | {"error": {"code", "message"}}
//
// The same answers give the same text, whatever the order in which they came.

/// Content whose bytes the evidence store holds.
struct StoredContent {
  Digest digest;
  std::string media_type;
};
using RecordedAnswer = std::variant<StoredContent, Referrers, Error>;

/// Names a request within a trace: `{"tag":{…}}` as compact JSON. How many bytes of a blob are
/// accepted is no part of it.
[[nodiscard]] std::string request_key(const ContentRequest& request);

/// The answer as it will be read back: text that is not UTF-8 has U+FFFD in its place. What is
/// recorded is what is verified, so that a replay sees the same.
[[nodiscard]] ContentAnswer as_recorded(ContentAnswer answer);

/// One element of `requests`.
[[nodiscard]] nlohmann::json entry_json(const ContentRequest& request, const ContentAnswer& answer);
/// The text of a trace, of entries by their request_key().
[[nodiscard]] std::string trace_text(const std::map<std::string, nlohmann::json>& entries);

/// Reads a trace back, by request_key(). Malformed, or LimitExceeded above limits::kEvidenceTrace.
[[nodiscard]] Result<std::map<std::string, RecordedAnswer>> parse_trace(std::string_view text);

}  // namespace tegata::verifier
