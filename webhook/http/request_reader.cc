// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/request_reader.h"

#include <utility>

#include "policy/model/limits.h"

namespace tegata::webhook::http {
namespace {
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr Refusal kHeadTooLarge{431, "request header too large"};
}  // namespace

RequestReader::Progress RequestReader::body_progress() const noexcept {
  return body_.missing() == 0 ? Progress::Complete : Progress::Body;
}

std::variant<RequestReader::Progress, Refusal> RequestReader::feed(std::string_view bytes) {
  if (in_body_) {
    bytes.remove_prefix(body_.append(bytes));
    buffer_.append(bytes);
    return body_progress();
  }
  buffer_.append(bytes);
  return read_head();
}

std::variant<RequestReader::Progress, Refusal> RequestReader::read_head() {
  const auto end = buffer_.find(kHeadEnd, searched_);
  if (end == buffer_.npos) {
    if (buffer_.size() > limits::kRequestHeader) return kHeadTooLarge;
    searched_ = buffer_.size() < kHeadEnd.size() ? 0 : buffer_.size() - kHeadEnd.size();
    return Progress::Head;
  }
  const auto head_size = end + kHeadEnd.size();
  if (head_size > limits::kRequestHeader) return kHeadTooLarge;
  auto parsed = parse_request_head(std::string_view(buffer_).substr(0, head_size));
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
  head_ = std::move(std::get<RequestHead>(parsed));
  if (head_.content_length > max_body_) return Refusal{413, "request body too large"};
  body_.open(head_.content_length);
  in_body_ = true;
  const auto of_body = body_.append(std::string_view(buffer_).substr(head_size));
  if (head_size + of_body == buffer_.size())
    std::string().swap(buffer_);
  else
    buffer_.erase(0, head_size + of_body);
  return body_progress();
}

void RequestReader::next() {
  body_.close();
  in_body_ = false;
  searched_ = 0;
}

}  // namespace tegata::webhook::http
