// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "policy/document/diagnostics.h"
#include "policy/document/fields.h"
#include "policy/document/read_yaml.h"
#include "policy/model/predicate.h"

namespace tegata::policy {

/// Holds a document against the table of fields: known words, kinds of values, what is required,
/// what excludes what, lengths and forms. json_schema() accepts the same documents, but for what only the
/// reader can see (see docs/policy-reference.md, "the schema").
void check_shape(const Node& document, const std::string& file, Diagnostics& errors);

/// `a mapping`, `a list`, `nothing`, `the text '…'`: what a node is, for messages.
[[nodiscard]] std::string described(const Node& node);

/// What is wrong with a value that must be a text of that form: " must be …; found …", to be
/// appended to its path. Empty where it is valid.
[[nodiscard]] std::optional<std::string> text_problem(const Node& node, const TextForm& form);

/// The same for the key of `node` in a mapping with free keys.
[[nodiscard]] std::optional<std::string> key_problem(const Node& node, const TextForm& form);

/// The same for a value that may be a text, a number or a truth value.
[[nodiscard]] std::optional<std::string> scalar_problem(const Node& node);

/// A plain number as JSON writes it, without an exponent; whole ones within 64 bits.
[[nodiscard]] std::optional<Value> number_of(const Node& node);
/// The same as a fraction.
[[nodiscard]] std::optional<double> real_number(const Node& node);
/// Plain `true` or `false`.
[[nodiscard]] std::optional<bool> truth_of(const Node& node);
/// Either of them, or a text; empty where it is none of the three.
[[nodiscard]] std::optional<Value> scalar_of(const Node& node);

/// A plain decimal number without sign or leading zeros; empty for everything else.
[[nodiscard]] std::optional<std::size_t> decimal(const Node& node);

}  // namespace tegata::policy
