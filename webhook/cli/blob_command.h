// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "webhook/cli/authority_options.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

struct VerifyBundleOptions {
  std::string artifact;  ///< a path, or `sha256:` and 64 hex digits if no file has this name
  std::string bundle;
  AuthorityOptions authority;
  Format format = Format::Table;
};

/// `tegata verify-bundle`: verifies a sigstore bundle for a file, with the interface of the conformance suite
/// of the Sigstore clients. With a key, the transparency log is required if there is a trusted root.
/// 0: verified; 1: rejected; 2: a file cannot be read; 64: usage.
[[nodiscard]] ExitCode run_verify_bundle(const VerifyBundleOptions& options, const Terminal& terminal);

struct VerifyBlobOptions {
  std::string artifact;   ///< a path
  std::string signature;  ///< a file, raw or in base64; or else:
  std::string bundle;
  AuthorityOptions authority;
  Format format = Format::Table;
};

/// `tegata verify-blob`: whether a file was signed by this authority. A bare signature by a key has no log
/// entry, so none is required. The same exit codes.
[[nodiscard]] ExitCode run_verify_blob(const VerifyBlobOptions& options, const Terminal& terminal);

}  // namespace tegata::webhook::cli
