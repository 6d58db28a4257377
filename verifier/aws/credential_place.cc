// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/credential_place.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "policy/model/ascii.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/file/read_content.h"
#include "verifier/net/address_check.h"

namespace tegata::verifier {
namespace {

using Found = Result<std::optional<CredentialPlace>>;

Error cannot_use(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; });
}

Result<CredentialPlace> static_keys(AwsCredentialTexts texts, std::string_view where) {
  auto keys = make_credentials(std::move(texts));
  if (!keys.ok()) return cannot_use(keys.error().in(where).message);
  return CredentialPlace(StaticKeys{*std::move(keys)});
}

Found in_environment(const AwsEnvironment& environment) {
  auto id = environment("AWS_ACCESS_KEY_ID");
  auto secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) return std::optional<CredentialPlace>();
  if (!id || !secret) return cannot_use("of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set");
  TEGATA_TRY(auto place,
             static_keys({*std::move(id), *std::move(secret), environment("AWS_SESSION_TOKEN").value_or("")},
                         "the AWS keys in the environment"));
  return std::optional(std::move(place));
}

Result<std::string> session_name_of(std::optional<std::string> name) {
  if (!name) return std::string("tegata");
  const bool fits =
      name->size() >= 2 && name->size() <= 64 && std::all_of(name->begin(), name->end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("_+=,.@-").find(c) != std::string_view::npos;
      });
  if (!fits) return cannot_use("the AWS role session name is not one: " + tegata::quoted(*name, 64));
  return *std::move(name);
}

Result<CredentialPlace> web_identity(std::string token_file, const std::string& role,
                                     std::optional<std::string> session_name) {
  if (const auto account = account_of_role(role); !account.ok()) return account.error();
  TEGATA_TRY(auto name, session_name_of(std::move(session_name)));
  return CredentialPlace(WebIdentity{std::move(token_file), role, std::move(name)});
}

Found web_identity_in_environment(const AwsEnvironment& environment) {
  auto file = environment("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!file) return std::optional<CredentialPlace>();
  const auto role = environment("AWS_ROLE_ARN");
  if (!role) return cannot_use("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
  TEGATA_TRY(auto place, web_identity(*std::move(file), *role, environment("AWS_ROLE_SESSION_NAME")));
  return std::optional(std::move(place));
}

Result<Url> container_url(const AwsEnvironment& environment, const std::string& relative) {
  constexpr std::string_view kEcsHost = "http://169.254.170.2";
  if (!relative.empty()) {
    const auto url = Url::parse(std::string(kEcsHost) + relative);
    if (!relative.starts_with('/') || !url.ok())
      return cannot_use("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path");
    return *url;
  }
  const auto url = Url::parse(environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").value_or(""));
  if (!url.ok()) return cannot_use("AWS_CONTAINER_CREDENTIALS_FULL_URI: " + url.error().message);
  if (url->scheme() == Scheme::Http && !serves_credentials(*url))
    return cannot_use(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI: over http, credentials are fetched only from loopback, "
        "169.254.170.2, 169.254.170.23 and [fd00:ec2::23], not from " +
        tegata::quoted(url->origin()));
  return *url;
}

Found in_container(const AwsEnvironment& environment) {
  const auto relative = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative && !environment("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    return std::optional<CredentialPlace>();
  TEGATA_TRY(auto url, container_url(environment, relative.value_or("")));
  ContainerEndpoint endpoint{std::move(url),
                             environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").value_or(""), nullptr};
  if (auto token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN"); token && endpoint.token_file.empty()) {
    if (has_control_characters(*token))
      return cannot_use("AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line break or another control character");
    endpoint.token = std::make_shared<const Secret>(*std::move(token));
  }
  return std::optional<CredentialPlace>(std::move(endpoint));
}

Found in_metadata_service(const AwsEnvironment& environment) {
  if (const auto off = environment("AWS_EC2_METADATA_DISABLED"); off && ascii_lower(*off) == "true")
    return std::optional<CredentialPlace>();
  const auto mode = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
  const bool ipv6 = mode && ascii_lower(*mode) == "ipv6";
  const auto named = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  auto base = Url::parse(named.value_or(ipv6 ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/"));
  if (!base.ok() || !serves_credentials(*base))
    return cannot_use(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT is not loopback, 169.254.169.254 or [fd00:ec2::254]");
  return std::optional<CredentialPlace>(InstanceMetadata{*std::move(base)});
}

/// Follows the profiles of the shared files.
class ProfileReader {
 public:
  ProfileReader(const AwsEnvironment& environment, const AwsProfiles& profiles)
      : environment_(environment), profiles_(profiles) {}

  Found place_of(const AwsProfile& profile) {
    const auto role = profile.value("role_arn");
    const bool role_wanted = role && (profile.value("source_profile") || profile.value("credential_source") ||
                                      profile.value("web_identity_token_file"));
    if (role_wanted) return role_in(profile, *role);
    if (profile.value("aws_access_key_id") || profile.value("aws_secret_access_key")) {
      TEGATA_TRY(auto place, static_keys({profile.value("aws_access_key_id").value_or(""),
                                          profile.value("aws_secret_access_key").value_or(""),
                                          profile.value("aws_session_token").value_or("")},
                                         named(profile)));
      return std::optional(std::move(place));
    }
    for (const char* word : {"sso_session", "sso_start_url", "credential_process", "login_session"})
      if (profile.value(word))
        return cannot_use(named(profile) + " uses " + word + ", which is not in this version");
    return std::optional<CredentialPlace>();
  }

 private:
  static std::string named(const AwsProfile& profile) {
    return "the AWS profile " + tegata::quoted(profile.name, 64);
  }

  Found role_in(const AwsProfile& profile, const std::string& role) {
    if (auto file = profile.value("web_identity_token_file")) {
      TEGATA_TRY(auto place, web_identity(*std::move(file), role, profile.value("role_session_name")));
      return std::optional(std::move(place));
    }
    if (profile.value("mfa_serial"))
      return cannot_use(named(profile) + " uses mfa_serial, which is not in this version");
    if (++followed_ > limits::kAwsProfileChain)
      return cannot_use(named(profile) + ": more than " + std::to_string(limits::kAwsProfileChain) +
                        " profiles follow each other");
    if (const auto account = account_of_role(role); !account.ok()) return account.error().in(named(profile));
    TEGATA_TRY(auto source, source_of(profile));
    TEGATA_TRY(auto name, session_name_of(profile.value("role_session_name")));
    TEGATA_TRY(const auto duration, duration_of(profile));
    AwsRole taken{role, profile.value("external_id").value_or("")};
    if (!taken.external_id.empty()) TEGATA_CHECK(check_external_id(taken.external_id));
    return std::optional<CredentialPlace>(std::make_shared<const RoleInProfile>(
        RoleInProfile{std::move(taken), std::move(name), duration, std::move(source)}));
  }

  Result<std::chrono::seconds> duration_of(const AwsProfile& profile) {
    const auto text = profile.value("duration_seconds").value_or("3600");
    int seconds = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc() || end != text.data() + text.size() || seconds < 900 || seconds > 43'200)
      return cannot_use(named(profile) + ": duration_seconds must be from 900 to 43200");
    return std::chrono::seconds(seconds);
  }

  Result<CredentialPlace> source_of(const AwsProfile& profile) {
    Found found = profile.value("source_profile") ? other_profile(profile) : named_source(profile);
    if (!found.ok()) return std::move(found).error();
    if (!*found) return cannot_use(named(profile) + ": its source holds no credentials");
    return **std::move(found);
  }
  Found other_profile(const AwsProfile& profile) {
    const auto name = *profile.value("source_profile");
    const auto* source = profiles_.find(name);
    if (source == nullptr)
      return cannot_use(named(profile) + " names the source_profile " + tegata::quoted(name, 64) +
                        ", which does not exist");
    if (name != profile.name) return place_of(*source);
    auto keys_only = *source;  // a role taken with the keys beside it
    keys_only.values.erase("role_arn");
    return place_of(keys_only);
  }
  Found named_source(const AwsProfile& profile) {
    const auto name = *profile.value("credential_source");
    if (name == "Environment") return in_environment(environment_);
    if (name == "EcsContainer") return in_container(environment_);
    if (name == "Ec2InstanceMetadata") return in_metadata_service(environment_);
    return cannot_use(named(profile) +
                      ": credential_source must be Environment, EcsContainer or Ec2InstanceMetadata");
  }

  const AwsEnvironment& environment_;
  const AwsProfiles& profiles_;
  std::size_t followed_ = 0;
};

}  // namespace

Result<AwsConfiguration> find_configuration(const AwsEnvironment& environment) {
  TEGATA_TRY(const auto profiles, AwsProfiles::load(environment));
  TEGATA_TRY(auto profile, profiles.current(environment));
  TEGATA_TRY(auto place, in_environment(environment));
  if (!place) {
    TEGATA_TRY(place, web_identity_in_environment(environment));
  }
  if (!place) {
    TEGATA_TRY(place, ProfileReader(environment, profiles).place_of(profile));
  }
  if (!place) {
    TEGATA_TRY(place, in_container(environment));
  }
  if (!place) {
    TEGATA_TRY(place, in_metadata_service(environment));
  }
  if (!place)
    return Error{ErrorCode::Unauthorized,
                 "there are no AWS credentials: none in the environment, the shared files or a container's "
                 "endpoint, and AWS_EC2_METADATA_DISABLED is set"};
  return AwsConfiguration{std::move(profile), *std::move(place)};
}

bool serves_credentials(const Url& url) {
  constexpr std::array<std::string_view, 5> kFixed{"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
                                                   "169.254.169.254", "[fd00:ec2::254]"};
  if (std::find(kFixed.begin(), kFixed.end(), url.host()) != kFixed.end()) return true;
  return refusal_of_host(url.host(), Loopback::Refused) && !refusal_of_host(url.host(), Loopback::Allowed);
}

Result<Secret> read_token_file(const std::string& path) {
  auto text = read_content(path, limits::kAwsIdentityToken);
  if (!text.ok()) return cannot_use(text.error().in("cannot read the token in " + path).message);
  Secret token(*std::move(text));
  if (token.empty()) return cannot_use("the token file " + path + " is empty");
  if (has_control_characters(token.reveal()))
    return cannot_use("the token in " + path + " holds a line break or another control character");
  return token;
}

}  // namespace tegata::verifier
