// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

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

}  // namespace tegata::verifier
