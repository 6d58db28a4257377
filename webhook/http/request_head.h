// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace tegata::webhook::http {

/// What we use of a request line and header fields (RFC 9112).
struct RequestHead {
  std::string method;
  std::string target;        ///< origin-form: `/validate?timeout=10s`
  std::string content_type;  ///< as sent; empty where absent
  std::size_t content_length = 0;
  bool expects_continue = false;
  bool closes = false;  ///< the client wants the connection closed after the reply
};

/// A request that is not read any further: the reply, after which the connection is closed.
struct Refusal {
  int status;
  std::string_view text;
};

/// Reads everything up to and with the empty line. Stricter than the RFC, so that nobody behind or
/// before us can read it differently: CRLF only, no folded fields, no blank before a colon, exactly one
/// Host, at most one Content-Length, no Transfer-Encoding, no Content-Encoding, and at most
/// limits::kRequestFields fields.
[[nodiscard]] std::variant<RequestHead, Refusal> parse_request_head(std::string_view head);

/// Whether a Content-Type is application/json, with or without parameters.
[[nodiscard]] bool is_json_type(std::string_view content_type) noexcept;

}  // namespace tegata::webhook::http
