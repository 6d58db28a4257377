// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/reply_text.h"

namespace tegata::webhook::http {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";  // may be empty (RFC 9112, section 4)
  }
}

constexpr std::size_t kHeadRoom = 256;  // bytes; what the status line and fields below need

}  // namespace

std::string reply_text(const HttpReply& reply, ReplyBody body, AfterReply after,
                       std::chrono::seconds keep_alive) {
  std::string text;
  text.reserve(kHeadRoom + reply.content_type.size() + (body == ReplyBody::Sent ? reply.body.size() : 0));
  text.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  text.append(reason_phrase(reply.status));
  text.append("\r\nContent-Type: ").append(reply.content_type);
  text.append("\r\nContent-Length: ").append(std::to_string(reply.body.size()));
  if (reply.status == 429 || reply.status == 503) text.append("\r\nRetry-After: 1");
  if (after == AfterReply::Close)
    text.append("\r\nConnection: close");
  else
    text.append("\r\nKeep-Alive: timeout=").append(std::to_string(keep_alive.count()));
  text.append("\r\n\r\n");
  if (body == ReplyBody::Sent) text.append(reply.body);
  return text;
}

std::string refusal_text(const Refusal& refusal) {
  return reply_text(plain_reply(refusal.status, refusal.text), ReplyBody::Sent, AfterReply::Close, {});
}

}  // namespace tegata::webhook::http
