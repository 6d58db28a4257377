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

/// Put: without a body.
enum class HttpMethod { Get, Post, Put };

/// With what a POST is signed (AWS Signature Version 4), by libcurl. 7.88 signs correctly what AwsClient
/// sends: a URL without a query whose path needs no escaping, a body, and headers of which no name is the
/// prefix of another.
struct AwsSignature {
  std::string region;
  std::string service;  ///< its signing name
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token = {};  ///< empty: none is sent
};

/// One request. Redirects are not followed: the caller decides where to send the next request.
/// Accept-Encoding is always `identity`, since digests and size limits apply to the bytes as sent.
struct HttpRequest {
  Url url;
  HttpHeaders headers;       ///< a name or value with a control character is a logic_error
  Secret authorization;      ///< the value of Authorization; empty: none is sent
  std::size_t max_body = 0;  ///< of the body of a 200, in bytes; LimitExceeded above
  HttpMethod method = HttpMethod::Get;
  Secret body = {};  ///< of a POST, whose `headers` must include Content-Type; may hold a credential
  std::optional<AwsSignature> signature = {};  ///< then `authorization` is empty
};

/// A response with any status. The body of a 200 is complete; other bodies are cut after limits::kErrorBody
/// bytes.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  ///< names in lower case, in the order received
  std::string body;
  std::string peer = {};  ///< address and port of the server; empty: not known, or behind a proxy

  /// The first header of that (lower-case) name.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return std::nullopt;
  }
  /// Every header of that (lower-case) name, in the order received.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : headers)
      if (key == name) values.emplace_back(value);
    return values;
  }
};

/// Whether repeating the same request may help.
enum class Again { MayHelp, Futile };

/// No complete response. Unavailable: no connection, an untrusted certificate, or the connection broke.
/// AddressRefused. DeadlineExceeded. LimitExceeded: body or headers too large.
struct HttpFailure {
  Error error;
  Again again = Again::Futile;
  std::string peer = {};  ///< as in HttpResponse; also of the last address that did not connect
};
using HttpOutcome = std::variant<HttpResponse, HttpFailure>;

}  // namespace tegata::verifier
