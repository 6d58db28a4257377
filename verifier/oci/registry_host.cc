// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_host.h"

#include <algorithm>

namespace tegata::verifier {
namespace {

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-' || c == '/' || c == ':';
}
/// A repository is a struct that anybody can fill: nothing in it may steer the URL elsewhere.
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
    return Error{ErrorCode::Malformed, "not a registry and a repository"};
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
  return {ErrorCode::UnexpectedAnswer, said + ", which does not answer what was asked"};
}

}  // namespace tegata::verifier
