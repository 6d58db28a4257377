// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/docker_config.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "policy/model/image_reference.h"
#include "policy/model/limits.h"
#include "verifier/crypto/base64.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

Error misconfigured(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

/// Keys are hosts, or URLs of old: `https://index.docker.io/v1/` is Docker Hub.
std::string registry_of_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  return canonical_registry(key.substr(0, key.find('/')));
}

/// The user name and password of one entry; none where it is empty, as a credential store leaves it.
Result<std::optional<Credentials>> credentials_of(const json& entry, const std::string& key) {
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
    auto decoded = decode_base64(**auth);
    Secret wiped(std::move(**auth));
    if (!decoded) return broken("auth is not base64");
    const Secret pair(*std::move(decoded));
    const auto colon = pair.reveal().find(':');
    if (colon == std::string_view::npos) return broken("auth must hold user:password");
    return std::optional(Credentials{std::string(pair.reveal().substr(0, colon)),
                                     Secret(std::string(pair.reveal().substr(colon + 1)))});
  }
  if (!*username || !*password) return std::optional<Credentials>();
  return std::optional(Credentials{**std::move(username), Secret(**std::move(password))});
}

bool has_text(const json& object, std::string_view key) {
  const auto* value = member(object, key);
  return value && value->is_string() && !value->get_ref<const std::string&>().empty();
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
  if (const auto* auths = member(*document, "auths")) {
    if (!auths->is_object()) return misconfigured("auths must be an object");
    for (const auto& [key, entry] : auths->items()) {
      const std::string registry = registry_of_key(key);
      if (has_text(entry, "identitytoken")) {
        config.unusable_[registry] =
            "docker's config.json holds an identitytoken for " + registry +
            ", which is not in this version: log in with a user name and a password or access token";
        continue;
      }
      TEGATA_TRY(auto credentials, credentials_of(entry, key));
      if (credentials) config.by_registry_.insert_or_assign(registry, *std::move(credentials));
    }
  }
  if (has_text(*document, "credsStore"))
    config.warnings_.emplace_back(
        "docker's config.json names a credsStore, which is not in this version: ignored");
  if (const auto* helpers = member(*document, "credHelpers"); helpers && helpers->is_object())
    for (const auto& [key, helper] : helpers->items())
      config.warnings_.push_back("docker's config.json names a credential helper for " + key +
                                 ", which is not in this version: no credentials are sent there");
  return config;
}

Result<DockerConfig> DockerConfig::load(const std::filesystem::path& file) {
  std::error_code failed;
  if (file.empty() || !std::filesystem::exists(file, failed)) return DockerConfig();
  const auto size = std::filesystem::file_size(file, failed);
  if (failed) return misconfigured("cannot read " + file.string());
  if (size > limits::kDockerConfig)
    return misconfigured(file.string() + " has more than " + std::to_string(limits::kDockerConfig) +
                         " bytes");
  std::ifstream stream(file, std::ios::binary);
  std::string text(size, '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
    return misconfigured("cannot read " + file.string());
  auto config = parse(text);
  const Secret wiped(std::move(text));
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

Result<const Credentials*> DockerConfig::find(const std::string& registry) const {
  if (const auto unusable = unusable_.find(registry); unusable != unusable_.end())
    return Error{ErrorCode::Unauthorized, unusable->second};
  const auto found = by_registry_.find(registry);
  return found == by_registry_.end() ? nullptr : &found->second;
}

}  // namespace tegata::verifier
