// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace tegata::webhook::http {

/// The parts of a request line and header fields (RFC 9112) that are used.
struct RequestHead {
  std::string method;
  std::string target;        ///< origin-form: `/validate?timeout=10s`
  std::string content_type;  ///< as sent; empty if absent
  std::string trace_id;      ///< of its `traceparent`; empty if that is absent, malformed or repeated
  std::size_t content_length = 0;
  bool expects_continue = false;
  bool closes = false;  ///< the client wants the connection closed after the reply
};

/// The reply to a request that is not read further. The connection is closed after it.
struct Refusal {
  int status;
  std::string_view text;
};

/// Parses the request line and header fields, including the final empty line. Stricter than RFC 9112, so that
/// a proxy cannot interpret the request differently (request smuggling): CRLF only, no folded fields, no
/// whitespace before a colon, exactly one Host, at most one Content-Length, no Transfer-Encoding, no
/// Content-Encoding, and at most limits::kRequestFields fields.
[[nodiscard]] std::variant<RequestHead, Refusal> parse_request_head(std::string_view head);

/// Whether a Content-Type is application/json, with or without parameters.
[[nodiscard]] bool is_json_type(std::string_view content_type) noexcept;

}  // namespace tegata::webhook::http
