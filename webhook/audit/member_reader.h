// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "webhook/audit/strict_document.h"

namespace tegata::webhook {

/// Reads the members of one JSON object; each must be present and have the expected type. The first error is
/// kept, and later results are empty: check status() once, at the end. Texts and elements are valid as long
/// as the document.
class MemberReader {
 public:
  using Element = std::optional<simdjson::dom::element>;

  /// `where` is the prefix of messages: `request.images[2]`.
  MemberReader(const Element& object, std::string where);

  [[nodiscard]] std::string text(std::string_view key);
  /// None if the member is null.
  [[nodiscard]] std::optional<std::string> text_or_null(std::string_view key);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  [[nodiscard]] bool truth(std::string_view key);
  /// A whole number from 0 to 2^63 - 1.
  [[nodiscard]] std::int64_t count(std::string_view key);
  [[nodiscard]] std::vector<simdjson::dom::element> array(std::string_view key);
  /// None, which has no members, if there is an error.
  [[nodiscard]] Element object(std::string_view key);
  /// None if the member is null, or there is an error.
  [[nodiscard]] Element object_or_null(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const;

  /// The value of `all` whose `name` equals the member's text.
  template <typename Enum, typename Name>
  [[nodiscard]] Enum choice(std::string_view key, std::span<const Enum> all, Name name) {
    const auto found = view(key);
    for (const Enum each : all)
      if (name(each) == found) return each;
    fail(key, "has an unknown value: " + std::string(found));
    return all.front();
  }

  void fail(std::string_view key, std::string_view what);
  [[nodiscard]] Status status() const;

 private:
  [[nodiscard]] Element find(std::string_view key);
  [[nodiscard]] std::string_view view(std::string_view key);
  std::optional<simdjson::dom::object> object_;
  std::string where_;
  std::optional<Error> error_;
};

}  // namespace tegata::webhook
