// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/yaml_text.h"

#include <cstdio>
#include <string>

#include "webhook/kubernetes/text.h"

namespace tegata::webhook::kubernetes {
namespace {

bool is_ambiguous(char32_t rune) {
  if (rune == '\t' || rune == '\n') return false;
  return rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || rune == 0x2028 || rune == 0x2029 || rune == 0xFEFF;
}

std::string why(const Rune& rune) {
  if (!rune.valid) return "not UTF-8";
  if (rune.value == '\r')
    return "a carriage return (U+000D) without a line feed is not allowed: readers of YAML disagree on "
           "whether it ends the line; end lines with LF or CRLF";
  char code[16];
  std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(rune.value));
  return "the character " + std::string(code) +
         " is not allowed: readers of YAML disagree on what it means; write it as an escape in double quotes";
}

/// What is wrong with a line; empty if nothing is.
std::string fault_of(std::string_view line) {
  for (auto rest = line; !rest.empty();) {
    const auto rune = first_rune(rest);
    if (!rune.valid || is_ambiguous(rune.value)) return why(rune);
    rest.remove_prefix(rune.length);
  }
  if (!line.starts_with("---")) return "";
  const auto after = line.substr(3);
  const auto content = after.find_first_not_of(" \t");
  if (content == std::string_view::npos || (content > 0 && after[content] == '#')) return "";
  return "after --- at the start of a line, only a comment is allowed, with a space before its #: "
         "kubectl reads other text differently";
}

}  // namespace

Status check_yaml_text(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    if (const auto fault = fault_of(line); !fault.empty())
      return Error{ErrorCode::Malformed, "line " + std::to_string(number) + ": " + fault};
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return done();
}

}  // namespace tegata::webhook::kubernetes
