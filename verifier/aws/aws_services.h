// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"
#include "verifier/aws/aws_profile.h"
#include "verifier/aws/aws_settings.h"
#include "verifier/net/url.h"

namespace tegata::verifier {

enum class AwsService : std::uint8_t { Ecr, Inspector2, SecurityHub, Ssm, Sts };
enum class AwsProtocol : std::uint8_t { Json11, RestJson, Query };

/// What differs between the services.
struct AwsServiceModel {
  std::string_view name;          ///< in messages
  std::string_view variable;      ///< AWS_ENDPOINT_URL_…: its service ID in upper case
  std::string_view host;          ///< before the region
  std::string_view fips_host;     ///< the same, of FIPS endpoints
  std::string_view signing_name;  ///< also its host before the region in dual-stack endpoints
  AwsProtocol protocol;
  std::string_view target;  ///< JSON 1.1: before the operation in X-Amz-Target
};
[[nodiscard]] const AwsServiceModel& model_of(AwsService service) noexcept;

/// A group of regions with DNS suffixes of their own.
struct AwsPartition {
  std::string_view dns_suffix;
  std::string_view dual_stack_suffix;  ///< empty: it has none
};
/// The partition of a region. Empty unless the name is one of a region: two to four letters, then words of
/// letters, then a number, joined by `-` (`ap-northeast-1`). Such a name is no other host below the suffixes
/// (`s3-…`).
[[nodiscard]] std::optional<AwsPartition> partition_of(std::string_view region);

/// Where a service is called.
struct AwsEndpoint {
  Url url;
  bool configured = false;  ///< by AWS_ENDPOINT_URL and its forms, or by a profile
};
/// In the SDKs' order: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's endpoint_url (all three
/// unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true), else the service's own, FIPS (AWS_USE_FIPS_ENDPOINT)
/// or dual-stack (AWS_USE_DUALSTACK_ENDPOINT) where that is true. Misconfigured: not a region; a partition
/// without dual-stack; a URL that is not http or https, has a path or query, or is plain http to a host that
/// is neither loopback nor in AwsSettings::insecure_plain_http.
[[nodiscard]] Result<AwsEndpoint> endpoint_of(AwsService service, const std::string& region,
                                              const AwsProfile& profile, const AwsSettings& settings);

}  // namespace tegata::verifier
