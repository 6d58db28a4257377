// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// Reads a file of at most `max_bytes`.
using ReadFile = std::function<Result<std::string>(const std::string& path, std::size_t max_bytes)>;

/// The content of a file. NotFound; Misconfigured for a reference to a key store (`k8s://…`, `awskms://…`),
/// with the command that writes its key into a file; LimitExceeded above `max_bytes`. The Error does not name
/// the path.
[[nodiscard]] Result<std::string> read_trust_file(const std::string& path, std::size_t max_bytes);

/// One to limits::kCertificateChain certificates in PEM. Malformed names the format that was found
/// and the command that converts it.
[[nodiscard]] Result<std::vector<Certificate>> certificates_of_file(std::string_view bytes);

/// As read_trusted_root(files), but reads files through `read`.
[[nodiscard]] Result<TrustedRoot> read_trusted_root(const TrustedRootFiles& files, const ReadFile& read);

}  // namespace tegata::verifier
