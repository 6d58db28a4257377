// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_http.h"

#include <algorithm>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == '/' || c == ':';
}
/// A Repository need not come from a parsed reference: nothing in it may change the host or path of the URL.
bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_name_char) && !text.ends_with('/') &&
         text.find("..") == std::string_view::npos;
}
bool is_plain_host(std::string_view text) {
  const auto allowed = [](char c) { return (is_name_char(c) && c != '/') || c == '[' || c == ']'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

Result<Url> url_of(const Repository& repository, const std::string& rest,
                   const std::set<std::string>& plain_http) {
  if (!is_plain_host(repository.registry) || !is_plain(repository.path) || !is_plain(rest))
    return Error::malformed("not a registry and a repository");
  const bool plain = plain_http.contains(repository.registry);
  const std::string host = repository.registry == "docker.io" ? "registry-1.docker.io" : repository.registry;
  return Url::parse((plain ? "http://" : "https://") + host + "/v2/" + repository.path + "/" + rest);
}

bool is_plain_http(const Url& url, const std::set<std::string>& plain_http) {
  if (url.scheme() != Scheme::Http) return false;
  return plain_http.contains(url.port() == 80 ? url.host() : url.host_and_port());
}

Error error_of_status(const HttpResponse& response, const std::string& who) {
  const std::string said = who + " answers " + std::to_string(response.status);
  if (response.status == 404) return {ErrorCode::NotFound, said};
  if (response.status == 401 || response.status == 403) return {ErrorCode::Unauthorized, said};
  if (response.status == 429) return {ErrorCode::RateLimited, said};
  if (response.status >= 500) return {ErrorCode::Unavailable, said};
  if (response.status >= 300 && response.status < 400)
    return {ErrorCode::UnexpectedAnswer, said + ", a redirect that is not followed"};
  return {ErrorCode::UnexpectedAnswer, said + ", which is not a response to this request"};
}

std::string media_type_of(const HttpResponse& response) {
  auto value = response.header("content-type").value_or("");
  value = value.substr(0, value.find(';'));
  return ascii_lower(trimmed(value, kHttpWhitespace));
}

namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  return true;
}

bool holds(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return ascii_lower(a) == ascii_lower(b); }) != text.end();
}

/// The length of the text up to the next `;` or `,` outside quotes.
std::size_t piece_length(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (!quoted && (text[i] == ';' || text[i] == ',')) return i;
  }
  return text.size();
}

/// Whether the parameter is `rel`, and `next` is among its relations.
bool is_rel_next(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) return false;
  if (!equal_ignoring_case(trimmed(parameter.substr(0, equals), kHttpWhitespace), "rel")) return false;
  auto relations = trimmed(parameter.substr(equals + 1), kHttpWhitespace);
  if (relations.size() >= 2 && relations.front() == '"' && relations.back() == '"')
    relations = relations.substr(1, relations.size() - 2);
  while (!relations.empty()) {
    const auto end = relations.find(' ');
    if (equal_ignoring_case(relations.substr(0, end), "next")) return true;
    relations.remove_prefix(end == std::string_view::npos ? relations.size() : end + 1);
  }
  return false;
}

}  // namespace

bool holds_credentials(std::string_view text, const Secret& sent) {
  if (holds(text, "basic ") || holds(text, "bearer ")) return true;
  const std::string_view header = sent.reveal();
  const auto value = header.substr(std::min(header.size(), header.find(' ') + 1));
  // An echo need not have the padding of base64.
  if (const auto bare = value.substr(0, value.find_last_not_of('=') + 1); !bare.empty() && holds(text, bare))
    return true;
  if (!header.starts_with("Basic ")) return false;
  const Secret pair(decode_base64(value).value_or(""));
  const auto colon = pair.reveal().find(':');
  if (colon == std::string_view::npos) return false;
  const auto password = pair.reveal().substr(colon + 1);
  return !password.empty() && holds(text, password);
}

std::string quoted_header(std::string_view value, const Secret& sent) {
  return holds_credentials(value, sent) ? "(not shown)" : quoted(value, limits::kQuotedHeader);
}

std::optional<std::string> next_link(std::string_view rest) {
  while (true) {
    while (!rest.empty() && (is_space(rest.front()) || rest.front() == ',')) rest.remove_prefix(1);
    if (rest.empty() || rest.front() != '<') return std::nullopt;
    const auto end = rest.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    const auto target = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    bool next = false;
    while (!rest.empty() && rest.front() != ',') {
      const auto length = piece_length(rest);
      next = next || is_rel_next(trimmed(rest.substr(0, length), kHttpWhitespace));
      rest.remove_prefix(length);
      if (!rest.empty() && rest.front() == ';') rest.remove_prefix(1);
    }
    if (next) return std::string(target);
  }
}

}  // namespace tegata::verifier
