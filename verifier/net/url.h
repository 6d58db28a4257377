// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

enum class Scheme { Http, Https };

/// An absolute http or https URL, parsed by libcurl, which also sends the request: the URL that is checked is
/// the one that is requested.
class Url {
 public:
  /// Malformed: another scheme, a user or password in it, a fragment, control characters, spaces or
  /// backslashes, no host. LimitExceeded above limits::kUrl bytes.
  [[nodiscard]] static Result<Url> parse(std::string_view text);
  /// A reference (RFC 3986, section 4.1) resolved against this URL.
  [[nodiscard]] Result<Url> resolve(std::string_view reference) const;
  /// The same URL with `name=value` added to its query, escaped.
  [[nodiscard]] Url with_query(std::string_view name, std::string_view value) const;

  [[nodiscard]] Scheme scheme() const noexcept { return scheme_; }
  /// Lower case; an IPv6 address is in brackets.
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `host:port`, the port always given.
  [[nodiscard]] std::string host_and_port() const { return host_ + ":" + std::to_string(port_); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Scheme, host and port, for messages: paths and queries may hold signatures.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] bool same_origin(const Url& other) const noexcept {
    return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
  }

 private:
  Url() = default;
  Scheme scheme_ = Scheme::Https;
  std::string host_;
  std::uint16_t port_ = 443;
  std::string text_;
};

}  // namespace tegata::verifier
