// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/link_header.h"

#include "policy/model/ascii.h"

namespace tegata::verifier {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  return true;
}

/// The length of the piece that ends at the next `;` or `,` outside quotes.
std::size_t piece_length(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (!quoted && (text[i] == ';' || text[i] == ',')) return i;
  }
  return text.size();
}

/// Whether the parameter is `rel`, and `next` is among its relations.
bool is_rel_next(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) return false;
  if (!equal_ignoring_case(trimmed(parameter.substr(0, equals), kHttpWhitespace), "rel")) return false;
  auto relations = trimmed(parameter.substr(equals + 1), kHttpWhitespace);
  if (relations.size() >= 2 && relations.front() == '"' && relations.back() == '"')
    relations = relations.substr(1, relations.size() - 2);
  while (!relations.empty()) {
    const auto end = relations.find(' ');
    if (equal_ignoring_case(relations.substr(0, end), "next")) return true;
    relations.remove_prefix(end == std::string_view::npos ? relations.size() : end + 1);
  }
  return false;
}

}  // namespace

std::optional<std::string> next_link(std::string_view rest) {
  while (true) {
    while (!rest.empty() && (is_space(rest.front()) || rest.front() == ',')) rest.remove_prefix(1);
    if (rest.empty() || rest.front() != '<') return std::nullopt;
    const auto end = rest.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    const auto target = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    bool next = false;
    while (!rest.empty() && rest.front() != ',') {
      const auto length = piece_length(rest);
      next = next || is_rel_next(trimmed(rest.substr(0, length), kHttpWhitespace));
      rest.remove_prefix(length);
      if (!rest.empty() && rest.front() == ';') rest.remove_prefix(1);
    }
    if (next) return std::string(target);
  }
}

}  // namespace tegata::verifier
