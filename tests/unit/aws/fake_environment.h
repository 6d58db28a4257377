// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "verifier/aws/aws_settings.h"

namespace tegata::verifier {

/// An environment with these variables and no other.
inline AwsEnvironment environment_with(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

inline AwsSettings settings_with(std::map<std::string, std::string> variables) {
  AwsSettings settings;
  settings.environment = environment_with(std::move(variables));
  settings.now = [] { return Time{}; };
  return settings;
}

}  // namespace tegata::verifier
