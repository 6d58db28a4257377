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

// The requests to a ContentSource and its answers, as JSON text:
//
//   {"requests": [{"tag": {"repository", "tag"}, "answer": ANSWER},
//                 {"manifest" | "blob" | "referrers": {"repository", "digest"}, "answer": ANSWER}]}
//   ANSWER: {"digest", "mediaType"}                                 content; the bytes are in the store
//         | {"manifests": [{"digest", "mediaType", "size"}], "truncated"}
//         | {"error": {"code", "message"}}
//
// The same answers give the same text, independent of their order of arrival.

/// Content whose bytes are in the evidence store.
struct StoredContent {
  Digest digest;
  std::string media_type;
};
using RecordedAnswer = std::variant<StoredContent, Referrers, Error>;

/// Identifies a request in a trace: `{"tag":{…}}` as compact JSON. The size limit of a blob is not part of
/// it.
[[nodiscard]] std::string request_key(const ContentRequest& request);

/// The answer as it will be read back: invalid UTF-8 is replaced by U+FFFD. Facts are made from this form, so
/// that a replay sees the same answers.
[[nodiscard]] ContentAnswer as_recorded(ContentAnswer answer);

/// One element of `requests`.
[[nodiscard]] nlohmann::json entry_json(const ContentRequest& request, const ContentAnswer& answer);
/// The text of a trace. `entries` are keyed by request_key().
[[nodiscard]] std::string trace_text(const std::map<std::string, nlohmann::json>& entries);

/// Reads a trace; the answers are keyed by request_key(). Malformed, or LimitExceeded above
/// limits::kEvidenceTrace.
[[nodiscard]] Result<std::map<std::string, RecordedAnswer>> parse_trace(std::string_view text);

}  // namespace tegata::verifier
