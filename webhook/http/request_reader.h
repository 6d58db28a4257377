// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <variant>

#include "webhook/http/connection.h"
#include "webhook/http/request_head.h"

namespace tegata::webhook::http {

/// Bounds the bytes of request bodies in memory, over all connections.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes) : left_(static_cast<std::ptrdiff_t>(bytes)) {}

  /// The bytes that one request holds; released by the destructor.
  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget) {}
    ~Share() { budget_.left_ += static_cast<std::ptrdiff_t>(taken_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    /// False, without taking any, if fewer bytes are available.
    [[nodiscard]] bool take(std::size_t bytes) {
      const auto wanted = static_cast<std::ptrdiff_t>(bytes);
      if ((budget_.left_ -= wanted) < 0) {
        budget_.left_ += wanted;
        return false;
      }
      taken_ += bytes;
      return true;
    }

   private:
    BodyBudget& budget_;
    std::size_t taken_ = 0;
  };

 private:
  std::atomic<std::ptrdiff_t> left_;
};

/// The connection ended or failed before a complete request arrived.
struct Gone {};

/// A request without its body.
using HeadRead = std::variant<RequestHead, Refusal, Gone>;

/// Frames the requests of one connection. Bytes after one request are kept for the next.
class RequestReader {
 public:
  RequestReader(Connection& connection, std::size_t max_body)
      : connection_(connection), max_body_(max_body) {}

  /// Whether bytes of the next request have arrived already.
  [[nodiscard]] bool has_bytes() const noexcept { return !buffer_.empty(); }
  /// 431 above limits::kRequestHeader bytes, 413 for a body above `max_body`, 408 at the deadline.
  [[nodiscard]] HeadRead read_head(Deadline deadline);
  /// The body of the head just read, valid until next(). 408, or 503 if `share` cannot take more.
  [[nodiscard]] std::variant<std::string_view, Refusal, Gone> read_body(const RequestHead& head,
                                                                        BodyBudget::Share& share,
                                                                        Deadline deadline);
  /// Drops the request just read.
  void next();

 private:
  std::variant<std::monostate, Refusal, Gone> read_more(Deadline deadline, BodyBudget::Share* share);

  Connection& connection_;
  std::size_t max_body_;
  std::string buffer_;
  std::size_t head_size_ = 0;
  std::size_t request_size_ = 0;
};

}  // namespace tegata::webhook::http
