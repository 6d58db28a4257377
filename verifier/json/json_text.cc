// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace tegata::verifier {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

/// A word with the high bit of a byte set, if one of the bytes is 0; of bytes below 0x80 only.
constexpr std::uint64_t zero_byte(std::uint64_t word) { return (word - kOnes) & ~word & kHighBits; }

/// Whether eight characters are the same in a JSON string. The others, and everything that is not ASCII, are
/// left to nlohmann, which checks UTF-8.
bool are_plain(std::uint64_t word) {
  const auto control = (word - kOnes * 0x20) & ~word & kHighBits;
  const auto escaped =
      zero_byte(word ^ kOnes * '"') | zero_byte(word ^ kOnes * '\\') | zero_byte(word ^ kOnes * 0x7F);
  return ((word & kHighBits) | control | escaped) == 0;
}

bool is_plain(std::string_view text) {
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    if (!are_plain(word)) return false;
  }
  word = kOnes * 'x';
  for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
  return are_plain(word);
}

void append_string(std::string& to, std::string_view text) {
  if (!is_plain(text)) {
    to += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  to += '"';
  to += text;
  to += '"';
}

template <typename Number>
void append_number(std::string& to, Number number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  to.append(digits.begin(), end);
}

void append_member(std::string& to, const JsonText::Member& member, char& before) {
  if (member.value.is_absent()) return;
  to += std::exchange(before, ',');
  to += '"';
  to += member.name;
  to += "\":";
  member.value.append_to(to);
}

void append_object(std::string& to, std::initializer_list<JsonText::Member> members) {
  char before = '{';
  if (std::ranges::is_sorted(members, {}, &JsonText::Member::name)) {
    for (const auto& member : members) append_member(to, member, before);
  } else {
    std::vector<const JsonText::Member*> sorted;
    for (const auto& member : members) sorted.push_back(&member);
    std::ranges::sort(sorted, {}, &JsonText::Member::name);
    for (const auto* member : sorted) append_member(to, *member, before);
  }
  to += before == '{' ? "{}" : "}";
}

}  // namespace

void JsonValue::append_to(std::string& text) const {
  const auto append = [&text](const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, Written>)
      text += value.text;
    else if constexpr (std::is_same_v<Value, std::string_view>)
      append_string(text, value);
    else if constexpr (std::is_same_v<Value, Members>)
      append_object(text, value);
    else
      append_number(text, value);
  };
  std::visit(append, value_);
}

JsonText::JsonText(std::initializer_list<Member> members) {
  constexpr std::size_t kUsual = 256;
  text_.reserve(kUsual);
  append_object(text_, members);
}

}  // namespace tegata::verifier
