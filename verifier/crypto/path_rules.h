// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <optional>
#include <span>
#include <string>

#include "verifier/crypto/certificate_chain.h"

namespace tegata::verifier {

/// The first rule that a path (leaf first, anchor last, its signatures and names verified) breaks of those
/// that OpenSSL 3.0 does not enforce, or only for purposes that it knows: issuers that are authorities,
/// keyUsage, extended key usage, hashes of signatures, critical extensions that nobody here processes.
[[nodiscard]] std::optional<std::string> broken_rule(std::span<const Certificate> path,
                                                     CertificateAuthority::Purpose purpose);

/// `certificate "common name"`, fit for a line of text.
[[nodiscard]] std::string called(const X509* certificate);

}  // namespace tegata::verifier
