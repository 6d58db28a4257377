// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/limits.h"
#include "webhook/cli/authority_options.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

namespace tegata::webhook::cli {

struct VerifyOptions {
  std::string image;
  AuthorityOptions authority;
  std::vector<std::string> annotations;  ///< -a: K=V, all of them must be signed
  std::string signature_repository;      ///< HOST/PATH of the signatures; empty: see below
  std::string cosign_repository;         ///< COSIGN_REPOSITORY; empty: that of the image
  std::chrono::milliseconds timeout = limits::kFetch;
  Format format = Format::Table;
  RegistryOptions registries;
};

/// The annotations of -a. Misconfigured: not K=V, or one of them twice.
[[nodiscard]] Result<std::map<std::string, std::string>> annotations_of(const VerifyOptions& options);

/// The repository of the signatures of `image`: --signature-repository, otherwise COSIGN_REPOSITORY,
/// otherwise that of the image. Misconfigured; the message says which of the two is not a repository.
[[nodiscard]] Result<Repository> signatures_of(const VerifyOptions& options, const ImageReference& image);

/// `tegata verify`: whether an image has a signature, or an attestation, by this authority. 0: it has; 1:
/// it has none, or none that is valid; 2: this could not be checked; 64: usage.
[[nodiscard]] ExitCode run_verify(const VerifyOptions& options, const Terminal& terminal);

}  // namespace tegata::webhook::cli
