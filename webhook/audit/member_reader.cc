// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/member_reader.h"

#include <nlohmann/json.hpp>

namespace tegata::webhook {
namespace {

using nlohmann::json;

const json kEmptyArray = json::array();
const json kEmptyObject = json::object();

}  // namespace

MemberReader::MemberReader(const json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) error_ = Error{ErrorCode::Malformed, where_ + " is not a JSON object"};
}

void MemberReader::fail(std::string_view key, std::string_view what) {
  if (!error_)
    error_ = Error{ErrorCode::Malformed, where_ + "." + std::string(key) + " " + std::string(what)};
}

bool MemberReader::has(std::string_view key) const { return object_.is_object() && object_.contains(key); }

const json* MemberReader::find(std::string_view key) {
  if (error_) return nullptr;
  const auto member = object_.find(key);
  if (member != object_.end()) return &*member;
  fail(key, "is absent");
  return nullptr;
}

std::string MemberReader::text(std::string_view key) {
  const auto* member = find(key);
  if (member == nullptr) return {};
  if (member->is_string()) return member->get<std::string>();
  fail(key, "is not a string");
  return {};
}

std::optional<std::string> MemberReader::text_or_null(std::string_view key) {
  const auto* member = find(key);
  if (member == nullptr || member->is_null()) return std::nullopt;
  return text(key);
}

std::vector<std::string> MemberReader::texts(std::string_view key) {
  std::vector<std::string> all;
  for (const auto& element : array(key)) {
    if (!element.is_string()) {
      fail(key, "holds something that is not a string");
      return {};
    }
    all.push_back(element.get<std::string>());
  }
  return all;
}

bool MemberReader::truth(std::string_view key) {
  const auto* member = find(key);
  if (member == nullptr) return false;
  if (member->is_boolean()) return member->get<bool>();
  fail(key, "is neither true nor false");
  return false;
}

std::int64_t MemberReader::count(std::string_view key) {
  const auto* member = find(key);
  if (member == nullptr) return 0;
  // A parsed number without sign is unsigned; one above 2^63 - 1 would not survive the conversion.
  if (member->is_number_unsigned() && member->get<std::uint64_t>() <= INT64_MAX)
    return member->get<std::int64_t>();
  fail(key, "is not a whole number from 0 to 2^63 - 1");
  return 0;
}

const json& MemberReader::array(std::string_view key) {
  const auto* member = find(key);
  if (member == nullptr) return kEmptyArray;
  if (member->is_array()) return *member;
  fail(key, "is not an array");
  return kEmptyArray;
}

const json& MemberReader::object(std::string_view key) {
  const auto* member = find(key);
  if (member == nullptr) return kEmptyObject;
  if (member->is_object()) return *member;
  fail(key, "is not an object");
  return kEmptyObject;
}

Status MemberReader::status() const {
  if (error_) return *error_;
  return done();
}

}  // namespace tegata::webhook
