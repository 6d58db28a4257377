// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "verifier/crypto/secret.h"

namespace tegata::verifier {

/// One way in which a server lets itself be authenticated to.
struct Challenge {
  std::string scheme;                             ///< lower case: `bearer`, `basic`
  std::map<std::string, std::string> parameters;  ///< names in lower case, values unquoted
};

/// The value of one WWW-Authenticate header.
///
///   WWW-Authenticate = challenge *( OWS "," OWS challenge )               RFC 9110, 11.6.1
///   challenge        = scheme [ 1*SP ( token68 / [ param *( OWS "," OWS param ) ] ) ]
///   param            = token BWS "=" BWS ( token / quoted-string )
///
/// A token68 is read over. Malformed: anything else, and a parameter given twice in one challenge.
/// LimitExceeded above limits::kChallenge bytes or limits::kChallengeParameters.
[[nodiscard]] Result<std::vector<Challenge>> parse_www_authenticate(std::string_view header);

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
