// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "policy/model/deadline.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// A role that Tegata takes in another account.
struct AwsRole {
  std::string arn;
  std::string external_id = {};  ///< empty: none is sent
};

/// `arn:PARTITION:iam::ACCOUNT:role/NAME` (or `role/PATH/NAME`); gives its account, 12 digits. Misconfigured.
[[nodiscard]] Result<std::string> account_of_role(const std::string& arn);
/// Misconfigured unless it is an ExternalId (STS AssumeRole): 2 to 1224 letters, digits and `_+=,.@:/-`.
[[nodiscard]] Status check_external_id(const std::string& id);

/// The value of an environment variable; empty if it is not set or has no text.
using AwsEnvironment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] AwsEnvironment environment_of_process();

/// How AWS is reached. What the SDKs read from the environment and the shared files is read from there.
struct AwsSettings {
  AwsEnvironment environment = environment_of_process();
  std::map<std::string, AwsRole> roles = {};  ///< by account
  /// Of RegistrySettings: an AWS_ENDPOINT_URL with http must be on loopback or one of these.
  std::set<std::string> insecure_plain_http = {};
  std::function<void(const char* what)> on_exception = {};  ///< as HttpSettings
  std::chrono::milliseconds first_pause{1000};              ///< at most, before the first retry
  std::function<Time()> now;                                ///< wall clock; must be set
};

}  // namespace tegata::verifier
