// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

namespace tegata::webhook::cli {

/// What becomes of a signature whose transparency log entry nobody looks at.
enum class TransparencyLog { Required, InsecureIgnore };

struct VerifyOptions {
  std::string image;
  std::string key;                       ///< --key: one PEM file
  std::vector<std::string> annotations;  ///< -a: K=V, all of them must be signed
  TransparencyLog log = TransparencyLog::Required;
  std::chrono::milliseconds timeout = limits::kFetch;
  Format format = Format::Table;
  RegistryOptions registries;
};

/// `tegata verify`: whether an image has a signature by this key. 0: it has; 1: it has none, or none
/// that counts; 2: that could not be found out; 64: usage.
///
/// Logs cannot be verified in this version, so without InsecureIgnore it refuses to answer.
[[nodiscard]] ExitCode run_verify(const VerifyOptions& options, const Terminal& terminal);

}  // namespace tegata::webhook::cli
