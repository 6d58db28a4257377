// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/request_reader.h"

#include <array>

#include "policy/model/limits.h"

namespace tegata::webhook::http {
namespace {
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
}  // namespace

std::variant<std::monostate, Refusal, Gone> RequestReader::read_more(Deadline deadline,
                                                                     BodyBudget::Share* share) {
  std::array<char, 16384> piece;
  const auto read = connection_.read_some(piece.data(), piece.size(), deadline);
  switch (read.outcome) {
    case Connection::Outcome::Ready:
      if (share != nullptr && !share->take(read.bytes)) return Refusal{503, "too many requests at one time"};
      buffer_.append(piece.data(), read.bytes);
      return std::monostate{};
    case Connection::Outcome::TimedOut:
      return Refusal{408, "the request took too long to arrive"};
    case Connection::Outcome::Closed:
    case Connection::Outcome::Woken:
      return Gone{};
  }
  return Gone{};
}

HeadRead RequestReader::read_head(Deadline deadline) {
  auto end = buffer_.find(kHeadEnd);
  while (end == buffer_.npos) {
    if (buffer_.size() > limits::kRequestHeader) return Refusal{431, "request header too large"};
    const auto searched = buffer_.size() < kHeadEnd.size() ? 0 : buffer_.size() - kHeadEnd.size();
    const auto more = read_more(deadline, nullptr);
    if (const auto* refusal = std::get_if<Refusal>(&more)) return *refusal;
    if (std::holds_alternative<Gone>(more)) return Gone{};
    end = buffer_.find(kHeadEnd, searched);
  }
  head_size_ = end + kHeadEnd.size();
  if (head_size_ > limits::kRequestHeader) return Refusal{431, "request header too large"};
  auto parsed = parse_request_head(std::string_view(buffer_).substr(0, head_size_));
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
  auto& head = std::get<RequestHead>(parsed);
  if (head.content_length > max_body_) return Refusal{413, "request body too large"};
  request_size_ = head_size_ + head.content_length;
  return std::move(head);
}

std::variant<std::string_view, Refusal, Gone> RequestReader::read_body(const RequestHead& head,
                                                                       BodyBudget::Share& share,
                                                                       Deadline deadline) {
  if (head.expects_continue && buffer_.size() < request_size_ &&
      connection_.write_all(kContinue, deadline) != Connection::Outcome::Ready)
    return Gone{};
  while (buffer_.size() < request_size_) {
    const auto more = read_more(deadline, &share);
    if (const auto* refusal = std::get_if<Refusal>(&more)) return *refusal;
    if (std::holds_alternative<Gone>(more)) return Gone{};
  }
  return std::string_view(buffer_).substr(head_size_, head.content_length);
}

void RequestReader::next() {
  buffer_.erase(0, request_size_);
  head_size_ = request_size_ = 0;
  if (buffer_.empty()) buffer_.shrink_to_fit();  // an idle connection must not hold 16 MiB
}

}  // namespace tegata::webhook::http
