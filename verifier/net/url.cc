// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using Parts = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// The part; empty if the URL does not have it.
std::optional<std::string> part_of(const Parts& parts, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(parts.get(), part, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool has_odd_bytes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~' || c == '\\'; });
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  if (text.size() > limits::kUrl)
    return Error{ErrorCode::LimitExceeded, "a URL of more than " + std::to_string(limits::kUrl) + " bytes"};
  if (has_odd_bytes(text))
    return Error::malformed("a URL must not hold spaces, control characters or backslashes");
  // curl also accepts one or three slashes; exactly two are required here.
  const auto host_at = text.find("://");
  if (host_at == std::string_view::npos || text.substr(host_at + 3).starts_with('/'))
    return Error::malformed("a URL must begin with https:// or http:// and a host");
  const Parts parts(curl_url(), &curl_url_cleanup);
  if (curl_url_set(parts.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK)
    return Error::malformed("cannot parse the URL");
  const auto scheme = part_of(parts, CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http")
    return Error::malformed("a URL must begin with https:// or http://");
  if (part_of(parts, CURLUPART_USER) || part_of(parts, CURLUPART_PASSWORD))
    return Error::malformed("a URL must not hold a user name or password");
  if (part_of(parts, CURLUPART_FRAGMENT)) return Error::malformed("a URL must not hold a fragment");
  auto host = part_of(parts, CURLUPART_HOST);
  if (!host || host->empty()) return Error::malformed("a URL must name a host");
  if (part_of(parts, CURLUPART_ZONEID)) return Error::malformed("a URL must not hold an IPv6 zone");
  Url url;
  url.scheme_ = *scheme == "https" ? Scheme::Https : Scheme::Http;
  url.host_ = ascii_lower(*host);
  const auto port = part_of(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (!port || *port == "0") return Error::malformed("a URL must have a valid port");
  url.port_ = static_cast<std::uint16_t>(std::stoul(*port));
  auto whole = part_of(parts, CURLUPART_URL);
  if (!whole) return Error::malformed("cannot parse the URL");
  url.text_ = *std::move(whole);
  return url;
}

Result<Url> Url::resolve(std::string_view reference) const {
  if (reference.size() > limits::kUrl)
    return Error{ErrorCode::LimitExceeded, "a URL of more than " + std::to_string(limits::kUrl) + " bytes"};
  if (has_odd_bytes(reference))
    return Error::malformed("a URL must not hold spaces, control characters or backslashes");
  const Parts parts(curl_url(), &curl_url_cleanup);
  if (curl_url_set(parts.get(), CURLUPART_URL, text_.c_str(), 0) != CURLUE_OK ||
      curl_url_set(parts.get(), CURLUPART_URL, std::string(reference).c_str(), 0) != CURLUE_OK)
    return Error::malformed("cannot parse the URL");
  const auto whole = part_of(parts, CURLUPART_URL);
  if (!whole) return Error::malformed("cannot parse the URL");
  return parse(*whole);
}

Url Url::with_query(std::string_view name, std::string_view value) const {
  const Parts parts(curl_url(), &curl_url_cleanup);
  const std::string query = std::string(name) + "=" + std::string(value);
  if (curl_url_set(parts.get(), CURLUPART_URL, text_.c_str(), 0) != CURLUE_OK ||
      curl_url_set(parts.get(), CURLUPART_QUERY, query.c_str(), CURLU_APPENDQUERY | CURLU_URLENCODE) !=
          CURLUE_OK)
    throw std::logic_error("a parsed URL cannot be parsed again");
  Url longer = *this;
  longer.text_ = part_of(parts, CURLUPART_URL).value();
  return longer;
}

std::string Url::origin() const {
  return (scheme_ == Scheme::Https ? "https://" : "http://") + host_and_port();
}

}  // namespace tegata::verifier
