// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"
#include "verifier/aws/aws_settings.h"

namespace tegata::verifier {

/// The keys of one profile, in lower case. Values may be secrets: no message quotes them.
struct AwsProfile {
  std::string name;
  std::map<std::string, std::string> values = {};

  /// Empty if the key is absent or has no text.
  [[nodiscard]] std::optional<std::string> value(const std::string& key) const {
    const auto found = values.find(key);
    if (found == values.end() || found->second.empty()) return std::nullopt;
    return found->second;
  }
};

enum class SharedFile { Config, Credentials };

/// The profiles of one shared file (AWS SDKs and Tools Reference Guide, "Shared config and credentials
/// files"):
///
///   file    = *( comment / section / key "=" value / indented continuation )
///   section = "[" name "]"        the config file writes `[profile NAME]`, and `[default]`
///
/// Sections of the config file that are not profiles (`[sso-session x]`) are left out; an indented line
/// belongs to the key above it and is left out too. Malformed, with the line's number: anything else, a
/// section or key twice, bytes that are not printable text. LimitExceeded above limits::kAwsProfiles
/// sections.
[[nodiscard]] Result<std::map<std::string, AwsProfile>> parse_shared_file(std::string_view text,
                                                                          SharedFile which);

/// All profiles of both files, the credentials file before the config file.
class AwsProfiles {
 public:
  /// From AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/config and ~/.aws/credentials. A file
  /// that does not exist is empty. Misconfigured, with the file's path.
  [[nodiscard]] static Result<AwsProfiles> load(const AwsEnvironment& environment);

  /// Null if neither file has it.
  [[nodiscard]] const AwsProfile* find(const std::string& name) const;
  /// The profile in use: AWS_PROFILE, else `default`, which may be absent (then it has no keys).
  /// Misconfigured if AWS_PROFILE names one that does not exist, or one with a `services` section, which is
  /// not in this version.
  [[nodiscard]] Result<AwsProfile> current(const AwsEnvironment& environment) const;

 private:
  std::map<std::string, AwsProfile> by_name_;
};

/// AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`; else empty.
[[nodiscard]] std::string region_of(const AwsEnvironment& environment, const AwsProfile& profile);

}  // namespace tegata::verifier
