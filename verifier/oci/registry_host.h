// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "policy/model/image_reference.h"
#include "verifier/net/http_message.h"
#include "verifier/net/url.h"

namespace tegata::verifier {

/// `https://HOST/v2/PATH/` and what follows, where a registry serves this repository: Docker Hub at
/// registry-1.docker.io, the registries in `plain_http` over http. Malformed where a part holds
/// bytes that no reference has.
[[nodiscard]] Result<Url> url_of(const Repository& repository, const std::string& rest,
                                 const std::set<std::string>& plain_http);

/// Whether this is an http URL to a host that is named in `plain_http`: `HOST` where the URL's port
/// is 80, else `HOST:PORT`.
[[nodiscard]] bool is_plain_http(const Url& url, const std::set<std::string>& plain_http);

/// What an answer other than 200 means, with `who` in front: NotFound, Unauthorized, RateLimited,
/// Unavailable for 5xx, UnexpectedAnswer for anything else.
[[nodiscard]] Error error_of_status(const HttpResponse& response, const std::string& who);

}  // namespace tegata::verifier
