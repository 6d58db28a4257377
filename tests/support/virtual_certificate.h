// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/model/deadline.h"
#include "tests/support/virtual_key.h"

namespace tegata::testing {

/// A name and value as `openssl.cnf` writes them: {"keyUsage", "critical,digitalSignature"}, or with
/// any OID {"1.2.3", "critical,DER:0500"}.
using CertificateExtension = std::pair<std::string, std::string>;
[[nodiscard]] CertificateExtension der_extension(std::string oid, std::string_view der,
                                                 bool critical = false);

/// What an issuer signs. Names are common names; "" is the empty name.
struct CertificateText {
  std::string subject;
  std::string issuer;
  Time from;
  Time until;
  std::vector<CertificateExtension> extensions;
};

/// DER. Serial number and key identifiers come from names and times alone, so that an impostor's
/// certificates differ from the real ones in nothing but key and signature.
[[nodiscard]] std::string issue_certificate(const CertificateText& text, const VirtualKey& subject_key,
                                            const VirtualKey& issuer_key);

/// The TBSCertificate inside, in DER.
[[nodiscard]] std::string to_be_signed_of(const std::string& certificate_der);

}  // namespace tegata::testing
