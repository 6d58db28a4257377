// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "policy/model/printable.h"
#include "webhook/kubernetes/json.h"
#include "webhook/kubernetes/manifest_yaml.h"
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

namespace {

bool among(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::size_t digits_of(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
  return static_cast<std::size_t>(end - text.begin());
}

/// Without leading zeros, which JSON does not allow.
std::string trimmed(std::string_view digits) {
  const auto first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return std::string(digits.substr(first));
}

std::optional<std::string> based(std::string_view text) {
  const int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 0;
  if (base == 0 || text.size() == 2) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(value);
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, which includes the integers
/// (YAML 1.2, 10.3.2).
std::optional<std::string> number(std::string_view text) {
  std::string json = text.starts_with('-') ? "-" : "";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto whole = text.substr(0, digits_of(text));
  text.remove_prefix(whole.size());
  std::string_view fraction;
  if (text.starts_with('.')) {
    fraction = text.substr(1, digits_of(text.substr(1)));
    text.remove_prefix(1 + fraction.size());
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  json += whole.empty() ? "0" : trimmed(whole);
  if (!fraction.empty()) json += "." + std::string(fraction);
  if (text.empty()) return json;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  json += 'e';
  if (text.starts_with('-')) json += '-';
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || digits_of(text) != text.size()) return std::nullopt;
  return json + std::string(text);
}

bool is_infinite(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return among(text, {".inf", ".Inf", ".INF"});
}

/// A plain scalar by the core schema.
Result<std::string> json_of_plain_scalar(std::string_view text) {
  if (among(text, {"", "~", "null", "Null", "NULL"})) return std::string("null");
  if (among(text, {"true", "True", "TRUE"})) return std::string("true");
  if (among(text, {"false", "False", "FALSE"})) return std::string("false");
  if (is_infinite(text) || among(text, {".nan", ".NaN", ".NAN"}))
    return Error{ErrorCode::Malformed, "JSON has no value for " + std::string(text)};
  if (auto json = based(text)) return *std::move(json);
  if (auto json = number(text)) return *std::move(json);
  return json_string(text);
}

/// The type of a JSON scalar that json_of_plain_scalar() returned.
std::string_view type_of(std::string_view json) {
  if (json == "null") return "null";
  if (json == "true" || json == "false") return "bool";
  if (json.starts_with('"')) return "str";
  return json.find_first_of(".eE") == std::string_view::npos ? "int" : "float";
}

/// A member of an object, or an element of a list, whose key is then empty.
struct Element {
  std::string_view key;
  std::string_view value;
};

/// Where the value that begins at `begin` ends.
std::size_t end_of_value(std::string_view json, std::size_t begin) {
  std::size_t open = 0;
  auto end = begin;
  while (open > 0 || (json[end] != ',' && json[end] != '}' && json[end] != ']')) {
    if (json[end] == '"') {
      end = end_of_string(json, end);
      continue;
    }
    if (json[end] == '{' || json[end] == '[') ++open;
    if (json[end] == '}' || json[end] == ']') --open;
    ++end;
  }
  return end;
}

/// The members of an object or elements of a list that this room wrote: without blanks, and well formed.
std::vector<Element> elements_of(std::string_view json) {
  std::vector<Element> elements;
  const bool object = json.front() == '{';
  for (std::size_t at = 1; at + 1 < json.size(); ++at) {
    Element element;
    if (object) {
      const auto end = end_of_string(json, at);
      element.key = json.substr(at, end - at);
      at = end + 1;
    }
    const auto end = end_of_value(json, at);
    element.value = json.substr(at, end - at);
    elements.push_back(element);
    at = end;
  }
  return elements;
}

Result<std::vector<std::string_view>> merged_mappings(std::string_view value) {
  std::vector<std::string_view> mappings;
  if (value.front() == '{')
    mappings.push_back(value);
  else if (value.front() == '[')
    for (const auto& element : elements_of(value)) mappings.push_back(element.value);
  else
    mappings.push_back("");
  for (const auto mapping : mappings)
    if (!mapping.starts_with('{'))
      return Error{ErrorCode::Malformed, "a merge key (<<) needs a mapping or a list of mappings"};
  return mappings;
}

Error disagreement(std::string_view key) {
  return {ErrorCode::Malformed,
          "the key " + tegata::quoted(key.substr(1, key.size() - 2), 80) +
              " is written before a merge key (<<) that has it too, and readers of YAML "
              "disagree on which counts; write << first"};
}

}  // namespace

std::string json_string(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') json += '\\';
    if (byte >= 0x20) {
      json += c;
    } else {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
    }
  }
  return json + '"';
}

Result<std::string> json_of_scalar(std::string_view type, std::string_view text) {
  if (type == "str") return json_string(text);
  if (!among(type, {"", "int", "float", "bool", "null"}))
    return Error{ErrorCode::Malformed, "the tag !!" + printable(type, 80) + " is not supported"};
  TEGATA_TRY(auto json, json_of_plain_scalar(text));
  if (type.empty() || type == type_of(json) || (type == "float" && type_of(json) == "int")) return json;
  return Error{ErrorCode::Malformed,
               tegata::quoted(text, 80) + " is not of the type of its tag, !!" + std::string(type)};
}

Result<std::string> merge_json(std::string_view object, std::size_t merge) {
  const auto members = elements_of(object);
  TEGATA_TRY(const auto sources, merged_mappings(members.at(merge).value));
  std::set<std::string_view> before;
  std::set<std::string_view> taken;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i < merge) before.insert(members[i].key);
    if (i != merge) taken.insert(members[i].key);
  }
  std::string merged = "{";
  const auto add = [&](const Element& member) {
    if (merged.size() > 1) merged += ',';
    merged.append(member.key).append(":").append(member.value);
  };
  for (std::size_t i = 0; i < merge; ++i) add(members[i]);
  for (const auto source : sources) {
    // A key that appears twice in one mapping is kept twice, and refused by the reader of the JSON.
    std::set<std::string_view> own;
    for (const auto& member : elements_of(source)) {
      if (before.contains(member.key)) return disagreement(member.key);
      if (!taken.contains(member.key)) add(member);
      own.insert(member.key);
    }
    taken.merge(own);
  }
  for (std::size_t i = merge + 1; i < members.size(); ++i) add(members[i]);
  return merged + '}';
}

}  // namespace tegata::webhook::kubernetes
