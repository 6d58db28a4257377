// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_services.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/model/ascii.h"
#include "policy/model/printable.h"
#include "verifier/net/address_check.h"

namespace tegata::verifier {
namespace {

constexpr AwsServiceModel kEcr{"ECR",
                               "ECR",
                               "api.ecr",
                               "api.ecr-fips",
                               "ecr",
                               AwsProtocol::Json11,
                               "AmazonEC2ContainerRegistry_V20150921."};
constexpr AwsServiceModel kInspector2{
    "Inspector", "INSPECTOR2", "inspector2", "inspector2-fips", "inspector2", AwsProtocol::RestJson, ""};
constexpr AwsServiceModel kSecurityHub{"Security Hub",
                                       "SECURITYHUB",
                                       "securityhub",
                                       "securityhub-fips",
                                       "securityhub",
                                       AwsProtocol::RestJson,
                                       ""};
constexpr AwsServiceModel kSsm{"SSM", "SSM", "ssm", "ssm-fips", "ssm", AwsProtocol::Json11, "AmazonSSM."};
constexpr AwsServiceModel kSts{"STS", "STS", "sts", "sts-fips", "sts", AwsProtocol::Query, ""};

Error wrong_setting(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

bool is_letters(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_region(std::string_view region) {
  const auto last = region.rfind('-');
  if (last == region.npos || region.size() > 32) return false;
  const auto number = region.substr(last + 1);
  if (number.empty() || number.size() > 2 || !std::all_of(number.begin(), number.end(), is_digit))
    return false;
  auto words = region.substr(0, last);
  const auto first = words.find('-');
  if (first == words.npos || first < 2 || first > 4) return false;
  while (true) {
    const auto dash = words.find('-');
    if (!is_letters(words.substr(0, dash))) return false;
    if (dash == words.npos) return true;
    words.remove_prefix(dash + 1);
  }
}

bool is_true(const std::optional<std::string>& value) { return value && ascii_lower(*value) == "true"; }

/// The variable, else the key of the profile.
std::optional<std::string> setting(const AwsSettings& settings, const AwsProfile& profile,
                                   const std::string& variable, const std::string& key) {
  if (auto value = settings.environment(variable)) return value;
  return profile.value(key);
}

struct NamedEndpoint {
  std::string name;
  std::string url;
};
std::optional<NamedEndpoint> configured_endpoint(AwsService service, const AwsProfile& profile,
                                                 const AwsSettings& settings) {
  if (is_true(setting(settings, profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                      "ignore_configured_endpoint_urls")))
    return std::nullopt;
  const auto own = "AWS_ENDPOINT_URL_" + std::string(model_of(service).variable);
  for (const auto& variable : {own, std::string("AWS_ENDPOINT_URL")})
    if (auto url = settings.environment(variable)) return NamedEndpoint{variable, *std::move(url)};
  if (auto url = profile.value("endpoint_url")) return NamedEndpoint{"endpoint_url", *std::move(url)};
  return std::nullopt;
}

Result<AwsEndpoint> checked(const NamedEndpoint& named, const AwsSettings& settings) {
  const auto url = Url::parse(named.url);
  if (!url.ok()) return wrong_setting(named.name + ": " + url.error().message);
  const auto own = url->text().substr(url->text().find("://") + 3);
  if (const auto path = own.find_first_of("/?"); path != own.npos && own.substr(path) != "/")
    return wrong_setting(named.name + ": a URL with a path or query is not in this version");
  const bool loopback = refusal_of_host(url->host(), Loopback::Refused).has_value() &&
                        !refusal_of_host(url->host(), Loopback::Allowed).has_value();
  const auto& plain = settings.insecure_plain_http;
  const bool named_plain =
      plain.contains(url->host_and_port()) || (url->port() == 80 && plain.contains(url->host()));
  if (url->scheme() == Scheme::Http && !loopback && !named_plain)
    return wrong_setting(named.name + ": " + tegata::quoted(url->origin()) +
                         " is not https: no call is sent there (--insecure-plain-http names exceptions)");
  return AwsEndpoint{*url, true};
}

}  // namespace

const AwsServiceModel& model_of(AwsService service) noexcept {
  switch (service) {
    case AwsService::Ecr:
      return kEcr;
    case AwsService::Inspector2:
      return kInspector2;
    case AwsService::SecurityHub:
      return kSecurityHub;
    case AwsService::Ssm:
      return kSsm;
    case AwsService::Sts:
      return kSts;
  }
  std::abort();
}

std::optional<AwsPartition> partition_of(std::string_view region) {
  if (!is_region(region)) return std::nullopt;
  constexpr std::array<std::pair<std::string_view, AwsPartition>, 6> kPartitions{{
      {"cn-", {"amazonaws.com.cn", "api.amazonwebservices.com.cn"}},
      {"us-iso-", {"c2s.ic.gov", "api.aws.ic.gov"}},
      {"us-isob-", {"sc2s.sgov.gov", "api.aws.scloud"}},
      {"us-isof-", {"csp.hci.ic.gov", ""}},
      {"eu-isoe-", {"cloud.adc-e.uk", ""}},
      {"eusc-", {"amazonaws.eu", "api.amazonwebservices.eu"}},
  }};
  for (const auto& [prefix, partition] : kPartitions)
    if (region.starts_with(prefix)) return partition;
  return AwsPartition{"amazonaws.com", "api.aws"};
}

Result<AwsEndpoint> endpoint_of(AwsService service, const std::string& region, const AwsProfile& profile,
                                const AwsSettings& settings) {
  if (region.empty()) return wrong_setting("no AWS region is configured: set AWS_REGION");
  const auto partition = partition_of(region);
  if (!partition) return wrong_setting(tegata::quoted(region) + " is not the name of an AWS region");
  if (const auto named = configured_endpoint(service, profile, settings)) return checked(*named, settings);
  const auto& model = model_of(service);
  const bool fips = is_true(setting(settings, profile, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  const bool dual =
      is_true(setting(settings, profile, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
  if (dual && partition->dual_stack_suffix.empty())
    return wrong_setting("there are no dual-stack endpoints in " + region);
  // The endpoints of STS and SSM in the GovCloud regions are FIPS endpoints under their plain names.
  const bool plain_name =
      region.starts_with("us-gov-") && (service == AwsService::Sts || service == AwsService::Ssm);
  const auto host = dual ? std::string(model.signing_name) + (fips ? "-fips" : "")
                         : std::string(fips && !plain_name ? model.fips_host : model.host);
  const auto suffix = dual ? partition->dual_stack_suffix : partition->dns_suffix;
  TEGATA_TRY(auto url, Url::parse("https://" + host + "." + region + "." + std::string(suffix) + "/"));
  return AwsEndpoint{std::move(url), false};
}

}  // namespace tegata::verifier
