// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "policy/model/result.h"
#include "verifier/crypto/secret.h"
#include "verifier/net/url.h"

namespace tegata::verifier {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

enum class HttpMethod { Get, Post };

/// One request. Redirects are never followed here: the sender decides where the next request goes.
/// Accept-Encoding is always `identity`, since digests and bounds are those of the bytes as sent.
struct HttpRequest {
  Url url;
  HttpHeaders headers;       ///< a name or value with a control character is a logic_error
  Secret authorization;      ///< the value of Authorization; empty: none is sent
  std::size_t max_body = 0;  ///< bytes of a 200's body; LimitExceeded above
  HttpMethod method = HttpMethod::Get;
  Secret body = {};  ///< of a POST, whose `headers` must name its Content-Type; it may hold a credential
};

/// Any status. The body of a 200 is whole; of another answer at most limits::kErrorBody bytes are kept.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  ///< names in lower case, in the order received
  std::string body;

  /// The first header of that (lower-case) name.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
};

/// Whether the same request may fare better in a moment.
enum class Again { MayHelp, Futile };

/// No answer. Unavailable: no connection, no trust in the certificate, a refused address, cut short.
/// DeadlineExceeded. LimitExceeded: body or headers too large.
struct HttpFailure {
  Error error;
  Again again = Again::Futile;
};
using HttpOutcome = std::variant<HttpResponse, HttpFailure>;

}  // namespace tegata::verifier
