// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace tegata::verifier {

class JsonValue;

/// A JSON value as text in one line, written without a tree of values: several times cheaper than nlohmann's,
/// with the same bytes. Members are in the order of their names; bytes that are not UTF-8 become U+FFFD.
class JsonText {
 public:
  struct Member;

  JsonText(const JsonValue& value);
  /// Of what a JsonValue can be made of.
  template <typename Value>
  requires(!std::same_as<Value, JsonValue> && std::is_convertible_v<const Value&, JsonValue>)
      JsonText(const Value& value);
  /// An object. Names must differ, and need no escaping. Cheapest if they are in order.
  JsonText(std::initializer_list<Member> members);

  /// What is JSON text already, not empty.
  [[nodiscard]] static JsonText of_json(std::string text) {
    JsonText value;
    value.text_ = std::move(text);
    return value;
  }
  /// The value of a member that is left out.
  [[nodiscard]] static JsonText absent() { return JsonText(); }
  /// A list: what `text_of` makes of each element.
  template <typename Elements, typename TextOf>
  [[nodiscard]] static JsonText list(const Elements& elements, TextOf text_of);
  template <typename Elements>
  [[nodiscard]] static JsonText list(const Elements& elements);

  [[nodiscard]] const std::string& text() const& noexcept { return text_; }
  [[nodiscard]] std::string text() && noexcept { return std::move(text_); }

 private:
  JsonText() = default;
  std::string text_;
};

/// What a JsonText is made of. Points to it, so it is for the expression that makes the JsonText only.
class JsonValue {
 public:
  using Members = std::initializer_list<JsonText::Member>;

  JsonValue(std::nullptr_t) : value_(Written{"null"}) {}
  template <typename Text>
  requires std::convertible_to<const Text&, std::string_view> JsonValue(const Text& text)
      : value_(std::string_view(text)) {}
  template <std::same_as<bool> Truth>
  JsonValue(Truth truth) : value_(Written{truth ? "true" : "false"}) {}
  template <std::signed_integral Number>
  JsonValue(Number number) : value_(std::int64_t{number}) {}
  template <std::unsigned_integral Number>
  requires(!std::same_as<Number, bool>) JsonValue(Number number) : value_(std::uint64_t{number}) {}
  /// Null if there is none.
  JsonValue(const std::optional<std::string>& text) : JsonValue(nullptr) {
    if (text) value_ = std::string_view(*text);
  }
  JsonValue(const JsonText& text) : value_(Written{text.text()}) {}
  JsonValue(Members members) : value_(members) {}

  [[nodiscard]] bool is_absent() const noexcept {
    const auto* written = std::get_if<Written>(&value_);
    return written != nullptr && written->text.empty();
  }
  void append_to(std::string& text) const;

 private:
  struct Written {
    std::string_view text;
  };
  std::variant<Written, std::string_view, std::int64_t, std::uint64_t, Members> value_;
};

struct JsonText::Member {
  std::string_view name;
  JsonValue value;
};

inline JsonText::JsonText(const JsonValue& value) { value.append_to(text_); }

template <typename Value>
requires(!std::same_as<Value, JsonValue> &&
         std::is_convertible_v<const Value&, JsonValue>) JsonText::JsonText(const Value& value)
    : JsonText(JsonValue(value)) {}

template <typename Elements, typename TextOf>
JsonText JsonText::list(const Elements& elements, TextOf text_of) {
  JsonText all;
  all.text_ = "[";
  for (const auto& element : elements) {
    if (all.text_.size() > 1) all.text_ += ',';
    const auto& made = text_of(element);
    JsonValue(made).append_to(all.text_);
  }
  all.text_ += ']';
  return all;
}

template <typename Elements>
JsonText JsonText::list(const Elements& elements) {
  return list(
      elements, [](const auto& element) -> const auto& { return element; });
}

}  // namespace tegata::verifier
