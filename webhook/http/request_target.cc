// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/request_target.h"

#include <algorithm>

namespace tegata::webhook::http {
namespace {

enum class Plus { Literal, Space };

/// The value of a hexadecimal digit, or -1.
int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped =
        text[i] == '%' && text.size() - i > 2 && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (escaped) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::Space ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

RequestTarget parse_request_target(std::string_view target) {
  const auto mark = std::min(target.find('?'), target.size());
  RequestTarget parsed{decoded(target.substr(0, mark), Plus::Literal), {}};
  auto query = target.substr(std::min(mark + 1, target.size()));
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    if (equals == 0) continue;  // no name
    parsed.parameters.emplace(decoded(pair.substr(0, equals), Plus::Space),
                              decoded(pair.substr(std::min(equals + 1, pair.size())), Plus::Space));
  }
  return parsed;
}

}  // namespace tegata::webhook::http
