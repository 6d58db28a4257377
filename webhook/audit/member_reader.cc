// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/member_reader.h"

namespace tegata::webhook {
namespace {

namespace dom = simdjson::dom;

/// The value if the element has that type.
template <typename Value>
std::optional<Value> as(const dom::element& element) {
  Value value;
  if (element.get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace

MemberReader::MemberReader(const Element& object, std::string where) : where_(std::move(where)) {
  if (object) object_ = as<dom::object>(*object);
  if (!object_) error_ = Error{ErrorCode::Malformed, where_ + " is not a JSON object"};
}

void MemberReader::fail(std::string_view key, std::string_view what) {
  if (!error_)
    error_ = Error{ErrorCode::Malformed, where_ + "." + std::string(key) + " " + std::string(what)};
}

bool MemberReader::has(std::string_view key) const {
  return object_ && object_->at_key(key).error() == simdjson::SUCCESS;
}

MemberReader::Element MemberReader::find(std::string_view key) {
  if (error_) return std::nullopt;
  dom::element member;
  if (object_->at_key(key).get(member) == simdjson::SUCCESS) return member;
  fail(key, "is absent");
  return std::nullopt;
}

std::string_view MemberReader::view(std::string_view key) {
  const auto member = find(key);
  if (!member) return {};
  if (const auto text = as<std::string_view>(*member)) return *text;
  fail(key, "is not a string");
  return {};
}

std::string MemberReader::text(std::string_view key) { return std::string(view(key)); }

std::optional<std::string> MemberReader::text_or_null(std::string_view key) {
  const auto member = find(key);
  if (!member || member->is_null()) return std::nullopt;
  return text(key);
}

std::vector<std::string> MemberReader::texts(std::string_view key) {
  std::vector<std::string> all;
  for (const auto& element : array(key)) {
    const auto text = as<std::string_view>(element);
    if (!text) {
      fail(key, "holds something that is not a string");
      return {};
    }
    all.emplace_back(*text);
  }
  return all;
}

bool MemberReader::truth(std::string_view key) {
  const auto member = find(key);
  if (!member) return false;
  if (const auto truth = as<bool>(*member)) return *truth;
  fail(key, "is neither true nor false");
  return false;
}

std::int64_t MemberReader::count(std::string_view key) {
  const auto member = find(key);
  if (!member) return 0;
  if (const auto number = as<std::int64_t>(*member); number && *number >= 0) return *number;
  fail(key, "is not a whole number from 0 to 2^63 - 1");
  return 0;
}

std::vector<dom::element> MemberReader::array(std::string_view key) {
  std::vector<dom::element> all;
  const auto member = find(key);
  if (!member) return all;
  if (const auto array = as<dom::array>(*member))
    for (const auto element : *array) all.push_back(element);
  else
    fail(key, "is not an array");
  return all;
}

MemberReader::Element MemberReader::object(std::string_view key) {
  const auto member = find(key);
  if (!member || member->is_object()) return member;
  fail(key, "is not an object");
  return std::nullopt;
}

MemberReader::Element MemberReader::object_or_null(std::string_view key) {
  const auto member = find(key);
  if (!member || member->is_null()) return std::nullopt;
  return object(key);
}

Status MemberReader::status() const {
  if (error_) return *error_;
  return done();
}

}  // namespace tegata::webhook
