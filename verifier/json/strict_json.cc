// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/strict_json.h"

#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tegata::verifier {
namespace {

using nlohmann::json;

/// Builds the document during parsing, so that a limit stops the parser early.
class Builder final : public nlohmann::json_sax<json> {
 public:
  explicit Builder(std::size_t depth) : depth_(depth) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return fail({ErrorCode::Malformed, "JSON has no binary values"}); }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    auto& members = open_.back()->get_ref<json::object_t&>();
    const auto [member, fresh] = members.emplace(name, nullptr);
    if (!fresh) return fail({ErrorCode::Malformed, "duplicate key \"" + name + "\" in a JSON object"});
    member_ = &member->second;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return fail({ErrorCode::Malformed, "not JSON: the error is at byte " + std::to_string(position)});
  }

  Result<json> result() && {
    if (error_) return std::move(*error_);
    return std::move(root_);
  }

 private:
  bool fail(Error error) {
    if (!error_) error_ = std::move(error);
    return false;
  }
  json* place(json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (!open_.back()->is_array()) return &(*member_ = std::move(value));
    auto& elements = open_.back()->get_ref<json::array_t&>();
    return &elements.emplace_back(std::move(value));
  }
  bool add(json value) {
    if (++values_ > limits::kJsonValues)
      return fail({ErrorCode::LimitExceeded,
                   "JSON with more than " + std::to_string(limits::kJsonValues) + " values"});
    place(std::move(value));
    return true;
  }
  bool open(json container) {
    if (open_.size() >= depth_)
      return fail(
          {ErrorCode::LimitExceeded, "JSON nested deeper than " + std::to_string(depth_) + " levels"});
    if (++values_ > limits::kJsonValues)
      return fail({ErrorCode::LimitExceeded,
                   "JSON with more than " + std::to_string(limits::kJsonValues) + " values"});
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::size_t depth_;
  std::size_t values_ = 0;
  json root_;
  json* member_ = nullptr;   ///< where the value of the last key is stored
  std::vector<json*> open_;  ///< from the root inwards; only the innermost one grows, so all stay in place
  std::optional<Error> error_;
};

}  // namespace

Result<json> parse_strict_json(std::string_view text, std::size_t depth) {
  if (text.starts_with("\xEF\xBB\xBF"))
    return Error{ErrorCode::Malformed, "JSON must not begin with a byte order mark"};
  // nlohmann reads a NUL byte as the end of the text and would ignore what follows.
  if (text.find('\0') != std::string_view::npos)
    return Error{ErrorCode::Malformed, "JSON must not hold a NUL byte"};
  Builder builder(depth);
  try {
    json::sax_parse(text.begin(), text.end(), &builder);
  } catch (const std::exception&) {
    return Error{ErrorCode::Malformed, "not JSON"};
  }
  return std::move(builder).result();
}

namespace {

Error wrong_type(std::string_view key, std::string_view expected) {
  return {ErrorCode::Malformed, "\"" + std::string(key) + "\" must be " + std::string(expected)};
}

}  // namespace

const nlohmann::json* member(const nlohmann::json& value, std::string_view key) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(key);
  return found == value.end() || found->is_null() ? nullptr : &*found;
}

Result<std::optional<std::string>> string_member(const nlohmann::json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (!value) return std::optional<std::string>();
  if (!value->is_string()) return wrong_type(key, "a string");
  return std::optional(value->get_ref<const std::string&>());
}

Result<std::optional<std::uint64_t>> size_member(const nlohmann::json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (!value) return std::optional<std::uint64_t>();
  if (!value->is_number_unsigned()) return wrong_type(key, "a whole number, not negative");
  const auto number = value->get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return wrong_type(key, "a number below 2^63");
  return std::optional(number);
}

}  // namespace tegata::verifier
