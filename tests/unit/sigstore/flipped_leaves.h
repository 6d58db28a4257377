// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace tegata::testing {

/// What was changed in a document: one character of a string or of a member's name, one byte of what a
/// base64 string encodes, or a number by one.
struct Flip {
  enum class Of { Text, Bytes, Name, Number };
  std::string pointer;  ///< to the value (RFC 6901)
  Of of = Of::Text;
  std::size_t at = 0;
};

/// Calls `try_it` with documents that differ from `good` in one such place: every byte of short values, and
/// of those above 256 bytes every seventh. ASCII stays ASCII.
void flip_each_leaf(const nlohmann::json& good,
                    const std::function<void(const Flip&, const nlohmann::json& document)>& try_it);

/// A part of a document that nothing covers: where a pointer ends so, this text, or these bytes where the
/// value is base64; all of the value where it is empty.
struct Uncovered {
  std::string_view pointer_end;
  std::string what;
};
[[nodiscard]] bool is_uncovered(const nlohmann::json& good, const Flip& flip,
                                std::span<const Uncovered> list);

/// The string with one bit of one byte changed, for every `step`th byte.
void flip_each_byte(std::string_view good, std::size_t step,
                    const std::function<void(std::size_t at, const std::string& flipped)>& try_it);

}  // namespace tegata::testing
