// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/request_head.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "webhook/http/trace_parent.h"

namespace tegata::webhook::http {
namespace {

constexpr Refusal kMalformed{400, "malformed HTTP request"};

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";

/// `tchar` of RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

/// The next line, without its CRLF; none if it does not end in one, or holds a bare CR or LF.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  if (end == text.npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 2);
  if (line.find_first_of("\r\n") != line.npos) return std::nullopt;
  return line;
}

/// `method SP request-target SP HTTP-version`.
std::optional<Refusal> read_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last) return kMalformed;
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  head.method = line.substr(0, first);
  head.target = target;
  if (!is_token(head.method) || head.method.size() > 16) return kMalformed;
  if (target.size() > limits::kRequestTarget) return Refusal{414, "request target too long"};
  const bool printable = std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
  if (!target.starts_with('/') || !printable) return kMalformed;
  if (version == "HTTP/1.0")
    head.closes = true;
  else if (version != "HTTP/1.1")
    return Refusal{505, "only HTTP/1.1 is served"};
  return std::nullopt;
}

/// Counters kept while the fields are read.
struct Seen {
  std::size_t fields = 0;
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  std::size_t types = 0;
  std::size_t trace_parents = 0;
};

std::optional<Refusal> read_content_length(std::string_view value, RequestHead& head) {
  const auto* end = value.data() + value.size();
  const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  const auto [stop, error] = std::from_chars(value.data(), end, head.content_length);
  if (!digits || error != std::errc() || stop != end) return Refusal{400, "malformed Content-Length"};
  return std::nullopt;
}

void read_connection(std::string_view value, RequestHead& head) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    if (same_word(trimmed(value.substr(0, comma), kHttpWhitespace), "close")) head.closes = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

std::optional<Refusal> use_field(std::string_view name, std::string_view value, RequestHead& head,
                                 Seen& seen) {
  if (same_word(name, "host")) ++seen.hosts;
  if (same_word(name, "connection")) read_connection(value, head);
  if (same_word(name, "content-length")) {
    if (++seen.lengths > 1) return Refusal{400, "more than one Content-Length"};
    return read_content_length(value, head);
  }
  if (same_word(name, "content-type")) {
    if (++seen.types > 1) return Refusal{400, "more than one Content-Type"};
    head.content_type = value;
  }
  if (same_word(name, "traceparent"))
    head.trace_id = ++seen.trace_parents == 1 ? trace_id_of(value) : std::string_view{};
  if (same_word(name, "transfer-encoding")) return Refusal{400, "Transfer-Encoding is not accepted"};
  if (same_word(name, "content-encoding")) return Refusal{415, "Content-Encoding is not accepted"};
  if (same_word(name, "expect")) {
    if (!same_word(value, "100-continue")) return Refusal{417, "unknown expectation"};
    head.expects_continue = true;
  }
  return std::nullopt;
}

std::optional<Refusal> read_field(std::string_view line, RequestHead& head, Seen& seen) {
  if (++seen.fields > limits::kRequestFields) return Refusal{431, "too many header fields"};
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) return kMalformed;
  const auto value = trimmed(line.substr(colon + 1), kHttpWhitespace);
  if (!is_field_value(value)) return kMalformed;
  return use_field(line.substr(0, colon), value, head, seen);
}

}  // namespace

std::variant<RequestHead, Refusal> parse_request_head(std::string_view text) {
  RequestHead head;
  Seen seen;
  const auto request_line = take_line(text);
  if (!request_line) return kMalformed;
  if (const auto refusal = read_request_line(*request_line, head)) return *refusal;
  while (true) {
    const auto line = take_line(text);
    if (!line) return kMalformed;
    if (line->empty()) break;
    if (const auto refusal = read_field(*line, head, seen)) return *refusal;
  }
  if (!text.empty()) return kMalformed;
  if (seen.hosts != 1) return Refusal{400, "exactly one Host header is required"};
  if (head.method == "POST" && seen.lengths == 0) return Refusal{411, "Content-Length is required"};
  return head;
}

bool is_json_type(std::string_view content_type) noexcept {
  return same_word(trimmed(content_type.substr(0, content_type.find(';')), kHttpWhitespace),
                   "application/json");
}

}  // namespace tegata::webhook::http
