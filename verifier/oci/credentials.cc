// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/credentials.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "policy/model/image_reference.h"
#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/file/read_content.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

Error misconfigured(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

/// The registry and path that a key of `auths` is for.
struct Place {
  std::string host;  ///< canonical
  std::string path;  ///< without leading and trailing slashes; empty: the whole host
  int rank = 0;      ///< of this spelling among those of one place, in Docker's order
};

Place place_of_key(std::string_view key) {
  constexpr std::string_view kDockerHubKey = "https://index.docker.io/v1/";
  Place place;
  place.rank = key == kDockerHubKey ? 0 : 2;
  auto rest = key;
  for (const auto& [scheme, rank] : {std::pair<std::string_view, int>("https://", 3), {"http://", 4}})
    if (rest.starts_with(scheme)) {
      rest.remove_prefix(scheme.size());
      if (place.rank != 0) place.rank = rank;
    }
  const bool is_url = rest.size() != key.size();
  const auto slash = std::min(rest.find('/'), rest.size());
  place.host = canonical_registry(rest.substr(0, slash));
  auto path = rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  for (const std::string_view api :
       {"/v1", "/v2"})  // of the registry's API; a repository may have the same name
    if (path == api || (is_url && path.starts_with(std::string(api) + "/"))) {
      path.remove_prefix(api.size());
      break;
    }
  if (path.starts_with('/')) path.remove_prefix(1);
  place.path = path;
  if (key == place.host || key == place.host + "/" + place.path) place.rank = std::min(place.rank, 1);
  return place;
}

/// base64 as Docker reads it: line breaks are ignored.
std::optional<std::string> decode_auth(const std::string& auth) {
  std::string compact;
  compact.reserve(auth.size());
  for (const char c : auth)
    if (c != '\r' && c != '\n') compact += c;
  auto decoded = decode_base64(compact);
  const Secret wiped(std::move(compact));
  return decoded;
}

std::string_view without_zero_bytes(std::string_view text) {
  while (text.starts_with('\0')) text.remove_prefix(1);
  while (text.ends_with('\0')) text.remove_suffix(1);
  return text;
}

/// The user name and password of one entry; null if it is empty, as credential stores leave it.
Result<std::shared_ptr<const Credentials>> credentials_of(const json& entry, const std::string& key) {
  const auto broken = [&](std::string_view what) {
    return misconfigured("auths[\"" + key + "\"]: " + std::string(what));
  };
  if (!entry.is_object()) return broken("must be an object");
  auto auth = string_member(entry, "auth");
  auto username = string_member(entry, "username");
  auto password = string_member(entry, "password");
  if (!auth.ok() || !username.ok() || !password.ok())
    return broken("auth, username and password are strings");
  if (*auth && !(*auth)->empty()) {
    auto decoded = decode_auth(**auth);
    const Secret wiped(std::move(**auth));
    if (!decoded) return broken("auth is not base64");
    const Secret pair(*std::move(decoded));
    const auto colon = pair.reveal().find(':');
    if (colon == std::string_view::npos || colon == 0) return broken("auth must hold user:password");
    return std::make_shared<const Credentials>(
        Credentials{std::string(pair.reveal().substr(0, colon)),
                    Secret(std::string(without_zero_bytes(pair.reveal().substr(colon + 1))))});
  }
  if (!*username || !*password) return std::shared_ptr<const Credentials>();
  return std::make_shared<const Credentials>(
      Credentials{**std::move(username), Secret(**std::move(password))});
}

bool has_text(const json& object, std::string_view key) {
  const auto* value = member(object, key);
  return value && value->is_string() && !value->get_ref<const std::string&>().empty();
}

/// Why this entry cannot be used; empty if it can.
std::string unusable(const json& entry, const std::string& key) {
  for (const char* token : {"identitytoken", "registrytoken"})
    if (has_text(entry, token))
      return std::string("docker's config.json holds an ") + token + " for " + key +
             ", which is not in this version: log in with a user name and a password or access token";
  return {};
}

/// Whether `path` is this repository or a folder above it, by whole segments.
bool holds(const std::string& path, const std::string& repository) {
  if (path.empty()) return true;
  return repository.starts_with(path) && (repository.size() == path.size() || repository[path.size()] == '/');
}

}  // namespace

Secret Credentials::basic() const {
  std::string pair = username + ":";
  pair.append(password.reveal());
  std::string encoded = "Basic " + encode_base64(pair);
  const Secret wiped(std::move(pair));
  return Secret(std::move(encoded));
}

Result<DockerConfig> DockerConfig::parse(std::string_view text) {
  auto document = parse_strict_json(text);
  if (!document.ok()) return misconfigured(document.error().message);
  DockerConfig config;
  if (!document->is_object() && !document->is_null()) return misconfigured("it must be an object");
  if (const auto* auths = member(*document, "auths")) {
    if (!auths->is_object()) return misconfigured("auths must be an object");
    for (const auto& [key, entry] : auths->items()) {
      if (entry.is_null()) continue;
      auto place = place_of_key(key);
      Entry one{std::move(place.path), place.rank, key, nullptr, unusable(entry, key)};
      if (one.unusable.empty()) {
        TEGATA_TRY(one.credentials, credentials_of(entry, key));
        if (!one.credentials) continue;
      }
      config.by_host_[place.host].push_back(std::move(one));
    }
  }
  for (auto& [host, entries] : config.by_host_)
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tuple(b.path.size(), a.rank, a.key) < std::tuple(a.path.size(), b.rank, b.key);
    });
  if (has_text(*document, "credsStore"))
    config.warnings_.emplace_back(
        "docker's config.json names a credsStore, which is not in this version: ignored");
  if (const auto* helpers = member(*document, "credHelpers"); helpers && helpers->is_object())
    for (const auto& [key, helper] : helpers->items()) {
      if (helper.is_null() || helper == "") continue;  // then Docker reads the file
      config.helped_.insert(place_of_key(key).host);
      config.warnings_.push_back("docker's config.json names a credential helper for " + key +
                                 ", which is not in this version: no credentials are sent there");
    }
  return config;
}

Result<DockerConfig> DockerConfig::load(const std::filesystem::path& file) {
  std::error_code failed;
  if (file.empty() || !std::filesystem::exists(file, failed)) return DockerConfig();
  auto text = read_content(file.string(), limits::kDockerConfig);
  if (!text.ok()) return misconfigured(text.error().in("cannot read " + file.string()).message);
  auto config = parse(*text);
  const Secret wiped(*std::move(text));
  if (!config.ok()) return config.error().in("reading " + file.string());
  return config;
}

std::filesystem::path DockerConfig::default_path() {
  if (const char* folder = std::getenv("DOCKER_CONFIG"); folder && *folder)
    return std::filesystem::path(folder) / "config.json";
  if (const char* home = std::getenv("HOME"); home && *home)
    return std::filesystem::path(home) / ".docker" / "config.json";
  return {};
}

Result<std::shared_ptr<const Credentials>> DockerConfig::find(const Repository& repository) const {
  const auto none = std::shared_ptr<const Credentials>();
  const auto entries = by_host_.find(repository.registry);
  if (entries == by_host_.end() || helped_.contains(repository.registry)) return none;
  for (const Entry& entry : entries->second) {
    if (!holds(entry.path, repository.path)) continue;
    if (!entry.unusable.empty()) return Error{ErrorCode::Unauthorized, entry.unusable};
    return entry.credentials;
  }
  return none;
}

std::set<std::string> DockerConfig::hosts() const {
  std::set<std::string> hosts = helped_;
  for (const auto& [host, entries] : by_host_) hosts.insert(host);
  return hosts;
}

DockerCredentials::DockerCredentials(DockerConfig config)
    : config_(std::make_shared<const DockerConfig>(std::move(config))) {}

void DockerCredentials::find(const Repository& repository, Done done) { done(config()->find(repository)); }

void DockerCredentials::replace(DockerConfig config) {
  auto next = std::make_shared<const DockerConfig>(std::move(config));
  const std::lock_guard lock(mutex_);
  config_.swap(next);
}

std::shared_ptr<const DockerConfig> DockerCredentials::config() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

}  // namespace tegata::verifier
