// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "webhook/http/body_buffer.h"
#include "webhook/http/request_head.h"

namespace tegata::webhook::http {

/// Frames the requests in the bytes of one connection. Does no I/O. Bytes after one request are kept for the
/// next.
class RequestReader {
 public:
  enum class Progress { Head, Body, Complete };

  explicit RequestReader(std::size_t max_body) : max_body_(max_body) {}

  /// The next bytes, in pieces of any size, but none after a Complete request until next(). 431 above
  /// limits::kRequestHeader bytes, 413 for a body above `max_body`, and what parse_request_head() refuses.
  [[nodiscard]] std::variant<Progress, Refusal> feed(std::string_view bytes);

  /// Bytes of the next request, after a complete one and next().
  [[nodiscard]] std::size_t left_over() const noexcept { return buffer_.size(); }
  /// From Progress::Body on.
  [[nodiscard]] const RequestHead& head() const noexcept { return head_; }
  /// Of the complete request; valid until next(). kBodyPadding bytes that follow can be read.
  [[nodiscard]] std::string_view body() const noexcept { return body_.view(); }
  [[nodiscard]] std::size_t body_received() const noexcept { return body_.received(); }

  /// Drops the request just read and returns the memory that it used.
  void next();

 private:
  [[nodiscard]] std::variant<Progress, Refusal> read_head();
  [[nodiscard]] Progress body_progress() const noexcept;

  std::size_t max_body_;
  std::string buffer_;  ///< an incomplete head, or bytes after a complete request
  std::size_t searched_ = 0;
  RequestHead head_;
  BodyBuffer body_;
  bool in_body_ = false;
};

}  // namespace tegata::webhook::http
