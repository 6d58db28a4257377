// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/result.h"
#include "verifier/crypto/secret.h"
#include "verifier/net/http_message.h"
#include "verifier/net/url.h"

namespace tegata::verifier {

/// `https://HOST/v2/PATH/REST`, the URL at which a registry serves this repository: Docker Hub at
/// registry-1.docker.io, the registries in `plain_http` over http. Malformed if a part has bytes that are not
/// allowed in references.
[[nodiscard]] Result<Url> url_of(const Repository& repository, const std::string& rest,
                                 const std::set<std::string>& plain_http);

/// Whether this is an http URL to a host in `plain_http`: `HOST` if the URL's port is 80, else `HOST:PORT`.
[[nodiscard]] bool is_plain_http(const Url& url, const std::set<std::string>& plain_http);

/// The error for a response other than 200: NotFound, Unauthorized, RateLimited, Unavailable for 5xx,
/// UnexpectedAnswer for anything else. The message begins with `who`.
[[nodiscard]] Error error_of_status(const HttpResponse& response, const std::string& who);

/// The Content-Type of a response in lower case, without parameters; empty if absent.
[[nodiscard]] std::string media_type_of(const HttpResponse& response);
[[nodiscard]] inline bool media_type_is(const HttpResponse& response, std::string_view media_type) {
  return media_type_of(response) == media_type;
}

/// Whether text from a server must not be in a message: it holds what was sent to it as Authorization
/// (`sent`, empty if nothing), the password in that, or anything after `Basic ` or `Bearer `. Upper and lower
/// case are the same.
[[nodiscard]] bool holds_credentials(std::string_view text, const Secret& sent);
/// A header value of a server, or a part of one, for a message: between quotes and cut at
/// limits::kQuotedHeader bytes; `(not shown)` if it holds credentials.
[[nodiscard]] std::string quoted_header(std::string_view value, const Secret& sent);

/// The target of the first link whose relation is `next` in one Link header (RFC 8288, section 3):
/// `<target>; rel="next"`, several separated by commas. Empty if there is none, or if the header is invalid
/// before it.
[[nodiscard]] std::optional<std::string> next_link(std::string_view header);

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
