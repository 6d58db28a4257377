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

/// One authentication method that a server accepts.
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
/// A token68 is skipped. Malformed: anything else, and a duplicate parameter in one challenge.
/// LimitExceeded above limits::kChallenge bytes or limits::kChallengeParameters.
[[nodiscard]] Result<std::vector<Challenge>> parse_www_authenticate(std::string_view header);

struct TokenAnswer {
  Secret header;                  ///< `Bearer …`
  std::chrono::seconds lifetime;  ///< at most limits::kTokenLifetime; 60 s by default
};

/// Parses the response of a token service (distribution, "Token Authentication Specification"): `token` or
/// `access_token`, and `expires_in` in seconds. UnexpectedAnswer otherwise, and for a token with bytes that
/// are not allowed in a header. Messages do not quote the response, except the text of refusal_in() when
/// there is no token.
[[nodiscard]] Result<TokenAnswer> parse_token_answer(std::string_view body);

/// The error message of a token service: `details`, or the `message` of the first of `errors`
/// (distribution-spec, "Error Codes"). Empty if there is none, or if it has more than limits::kRefusalWords
/// bytes.
[[nodiscard]] std::string refusal_in(std::string_view body);

}  // namespace tegata::verifier
