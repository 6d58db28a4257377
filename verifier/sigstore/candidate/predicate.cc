// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>

#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

// Scans a document and keeps the string members `predicateType` of its outermost object.
class PredicateTypeListener final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t& text) override {
    if (wanted_) {
      found_ = std::move(text);
      ++times_;
    }
    return value();
  }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    wanted_ = depth_ == 1 && name == "predicateType";
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  [[nodiscard]] std::optional<std::string> the_type() && {
    if (times_ != 1) return std::nullopt;
    return std::move(found_);
  }

 private:
  bool value() {
    wanted_ = false;
    return true;
  }
  bool open() {
    ++depth_;
    return value();
  }
  bool close() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  bool wanted_ = false;
  int times_ = 0;
  std::string found_;
};

}  // namespace

std::optional<std::string> predicate_type_of(std::string_view statement) {
  PredicateTypeListener listener;
  try {
    if (!json::sax_parse(statement.begin(), statement.end(), &listener)) return std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;  // the strict parser reports the error
  }
  return std::move(listener).the_type();
}

namespace {

Value array_value(const json& value) {
  Value::Array elements;
  elements.reserve(value.size());
  for (const json& element : value) elements.push_back(to_value(element));
  return {std::move(elements)};
}

Value object_value(const json& value) {
  Value::Object members;
  for (const auto& [name, member] : value.items()) members.emplace(name, to_value(member));
  return {std::move(members)};
}

Value unsigned_value(std::uint64_t number) {
  if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return {static_cast<std::int64_t>(number)};
  return {static_cast<double>(number)};
}

}  // namespace

Value to_value(const json& value) {
  switch (value.type()) {
    case json::value_t::boolean:
      return {value.get<bool>()};
    case json::value_t::number_integer:
      return {value.get<std::int64_t>()};
    case json::value_t::number_unsigned:
      return unsigned_value(value.get<std::uint64_t>());
    case json::value_t::number_float:
      return {value.get<double>()};
    case json::value_t::string:
      return {value.get<std::string>()};
    case json::value_t::array:
      return array_value(value);
    case json::value_t::object:
      return object_value(value);
    case json::value_t::null:
    case json::value_t::binary:
    case json::value_t::discarded:
      break;
  }
  return {};
}

}  // namespace tegata::verifier
