// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace tegata::webhook {
namespace {

/// Whether a character is the same in a JSON string. The others, and everything that is not ASCII, are left
/// to nlohmann, which checks UTF-8.
bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

}  // namespace

void JsonText::append_string(std::string& to, std::string_view text) {
  if (!std::ranges::all_of(text, is_plain)) {
    to += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  to.reserve(to.size() + text.size() + 2);
  to += '"';
  to += text;
  to += '"';
}

JsonText::JsonText(std::initializer_list<Member> members) {
  std::vector<const Member*> sorted;
  sorted.reserve(members.size());
  std::size_t size = 2;
  for (const auto& member : members) {
    if (member.value.text_.empty()) continue;
    sorted.push_back(&member);
    size += member.name.size() + member.value.text_.size() + 4;
  }
  std::ranges::sort(sorted, {}, &Member::name);
  text_.reserve(size);
  text_ += '{';
  for (const auto* member : sorted) {
    if (text_.size() > 1) text_ += ',';
    text_ += '"';
    text_ += member->name;
    text_ += "\":";
    text_ += member->value.text_;
  }
  text_ += '}';
}

}  // namespace tegata::webhook
