// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/read_valid_for.h"

#include <nlohmann/json.hpp>

#include "policy/model/rfc3339.h"
#include "verifier/json/members.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {
namespace {

Result<std::optional<Time>> read_end(const nlohmann::json& range, std::string_view key, Rounding rounding) {
  TEGATA_TRY(const auto text, string_member(range, key));
  if (!text) return std::optional<Time>();
  const auto time = read_rfc3339(*text, TimeForm::Strict, rounding);
  if (!time) return Error{ErrorCode::Malformed, "validFor has no time, but " + in_quotes(*text)};
  return time;
}

}  // namespace

Result<ValidFor> read_valid_for(const nlohmann::json& object) {
  const auto* range = member(object, "validFor");
  if (!range) return ValidFor{};
  if (!range->is_object()) return Error{ErrorCode::Malformed, "validFor is not an object"};
  TEGATA_TRY(const auto start, read_end(*range, "start", Rounding::Up));
  TEGATA_TRY(const auto end, read_end(*range, "end", Rounding::Down));
  return ValidFor{start, end};
}

}  // namespace tegata::verifier
