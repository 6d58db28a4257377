// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tegata::policy {

struct Field;

/// A row of fields, or of words: a constant array by address, so that tables can nest.
template <typename T>
struct Row {
  const T* first = nullptr;
  std::size_t count = 0;

  constexpr Row() = default;
  template <std::size_t N>
  constexpr Row(const T (&array)[N]) : first(array), count(N) {}  // NOLINT: arrays become rows silently
  [[nodiscard]] constexpr const T* begin() const { return first; }
  [[nodiscard]] constexpr const T* end() const;
  [[nodiscard]] constexpr bool empty() const { return count == 0; }
};
template <typename T>
constexpr const T* Row<T>::end() const {
  return first + count;
}

/// Whether this version judges by it. What is Later is refused by name, never accepted and ignored.
enum class Version { Built, Later };

/// One word that a field of Type::Word can have.
struct Word {
  std::string_view name;
  std::string_view doc;
  Version version = Version::Built;
};

/// What a text must look like. The pattern is in the syntax that RE2 and ECMA-262 share.
struct TextForm {
  std::string_view pattern;   ///< empty: any text of one line
  std::string_view expected;  ///< the same as text, after "expected "
  std::size_t max_bytes;
  bool may_be_empty = false;
};

/// Scalar: a text, a number or a truth value. Number: a whole one or a fraction. Truth: true or false.
enum class Type { Text, Word, Count, Mapping, TextMap, Scalar, Number, Truth };
enum class Form { One, List };
enum class Presence { Optional, Required };
/// Fields of one mapping among which one must be chosen.
enum class Choice { Free, ExactlyOne, AtLeastOne };

/// One field of the policy language. The table of these is the only list of its words: the reader,
/// the JSON Schema and `explain` all come from it.
struct Field {
  std::string_view name;
  std::string_view doc;  ///< one or two sentences
  Type type = Type::Text;
  Form form = Form::One;
  Presence presence = Presence::Optional;
  Version version = Version::Built;
  Choice choice = Choice::Free;
  const TextForm* text = nullptr;  ///< of Type::Text and the values of a TextMap
  Row<Word> words{};               ///< of Type::Word; of a Mapping: what may be in its place
  Row<Field> fields{};             ///< of Type::Mapping
  std::size_t min = 0;             ///< of a Count or Number its value; of a List its length
  std::size_t max = 0;             ///< the same; 0: unbounded
  std::string_view needs{};        ///< a field that must be present with it
  /// Of ExactlyOne: the groups of alternatives that it belongs to, as bits. Exactly one of the fields of
  /// each group is required; one that is in two groups counts for both.
  unsigned group = 1;
  /// Of a Mapping whose table several fields have: what the schema calls it, once for all.
  std::string_view shared{};
};

/// The fields of a whole document.
[[nodiscard]] Row<Field> document_fields();

/// The field of that name; null if there is none.
[[nodiscard]] const Field* find_field(Row<Field> fields, std::string_view name);

/// Names of the fields (or words) that are built.
[[nodiscard]] std::vector<std::string_view> names_of(Row<Field> fields);
[[nodiscard]] std::vector<std::string_view> names_of(Row<Word> words);
/// Names of the built fields with that Choice.
[[nodiscard]] std::vector<std::string_view> names_of(Row<Field> fields, Choice choice);
/// Of each group of alternatives, the names of its built fields.
[[nodiscard]] std::vector<std::vector<std::string_view>> groups_of(Row<Field> fields);

}  // namespace tegata::policy
