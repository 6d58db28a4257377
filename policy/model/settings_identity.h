// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tegata {

/// Settings as one text: equal texts mean equal settings. Facts are cached under it.
///
/// A struct of settings takes part by a member function
///   `auto parts() const { const auto& [a, b] = *this; return std::tie(a, b); }`
/// which does not compile once a member is added that it does not name. A type with one canonical text
/// takes part by `text()`.
class SettingsIdentity {
 public:
  template <class T>
  [[nodiscard]] static std::string of(const T& settings) {
    SettingsIdentity identity;
    identity.add(settings);
    return std::move(identity.text_);
  }

 private:
  void add(std::string_view text) { text_.append(std::to_string(text.size())).append(":").append(text); }
  void add(const std::string& text) { add(std::string_view(text)); }
  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void add(T value) { text_.append(std::to_string(static_cast<long long>(value))).append(";"); }
  void add(double value) {
    char shortest[32];  // that is read back as the same number
    const auto end = std::to_chars(shortest, shortest + sizeof shortest, value).ptr;
    add(std::string_view(shortest, static_cast<std::size_t>(end - shortest)));
  }
  void add(std::monostate) { text_ += "_"; }
  void add(std::nullptr_t) { text_ += "_"; }
  template <class T>
  void add(const std::optional<T>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class T>
  void add(const std::shared_ptr<const T>& value) {
    add(value != nullptr);
    if (value) add(*value);
  }
  template <class T>
  void add(const std::vector<T>& list) {
    add(list.size());
    for (const auto& element : list) add(element);
  }
  template <class K, class V>
  void add(const std::map<K, V>& map) {
    add(map.size());
    for (const auto& [key, value] : map) {
      add(key);
      add(value);
    }
  }
  template <class... T>
  void add(const std::variant<T...>& value) {
    add(value.index());
    std::visit([this](const auto& held) { this->add(held); }, value);
  }
  template <class... T>
  void add(const std::tuple<T...>& parts) {
    std::apply([this](const auto&... part) { (this->add(part), ...); }, parts);
  }
  template <class T>
  requires requires(const T& settings) { settings.parts(); }
  void add(const T& settings) { add(settings.parts()); }
  template <class T>
  requires requires(const T& settings) {
    { settings.text() } -> std::convertible_to<std::string_view>;
  } &&(!requires(const T& settings) { settings.parts(); }) void add(const T& settings) {
    add(std::string_view(settings.text()));
  }

  std::string text_;
};

/// A function that a policy gives to code that must not see its settings. It depends only on its arguments
/// and on the settings it was made from: functions made by one `apply` from equal settings are equal.
template <class Signature>
class SettingsFunction;
template <class R, class... Args>
class SettingsFunction<R(Args...)> {
 public:
  SettingsFunction() = default;
  /// `apply` is a plain function: it cannot capture anything that the identity does not show.
  template <class Settings>
  SettingsFunction(Settings settings, R (*apply)(const Settings&, Args...))
      : identity_(SettingsIdentity::of(settings)),
        call_([settings = std::move(settings), apply](Args... args) {
          return apply(settings, std::forward<Args>(args)...);
        }) {}

  R operator()(Args... args) const { return call_(std::forward<Args>(args)...); }
  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(call_); }
  /// As the SettingsIdentity of other settings that this is a part of.
  [[nodiscard]] const std::string& text() const noexcept { return identity_; }

 private:
  std::string identity_;
  std::function<R(Args...)> call_;
};

}  // namespace tegata
