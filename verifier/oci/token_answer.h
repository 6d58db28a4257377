// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "policy/model/result.h"
#include "verifier/crypto/secret.h"

namespace tegata::verifier {

struct TokenAnswer {
  Secret header;                  ///< `Bearer …`
  std::chrono::seconds lifetime;  ///< at most limits::kTokenLifetime; 60 s where none is given
};

/// The answer of a token service (distribution: auth/token): `token` or `access_token`, and
/// `expires_in` seconds. UnexpectedAnswer otherwise, and for a token with bytes that no header can carry.
/// Messages never quote the answer, but for what refusal_in() finds where there is no token.
[[nodiscard]] Result<TokenAnswer> parse_token_answer(std::string_view body);

/// Why a token service gives no token, in its own words: `details`, or the `message` of the first of `errors`
/// (distribution-spec, error codes). Empty where it says nothing, or more than limits::kRefusalWords bytes.
[[nodiscard]] std::string refusal_in(std::string_view body);

}  // namespace tegata::verifier
