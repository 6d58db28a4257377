// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

/// The TBSCertificate of a certificate in DER without its list of SCTs: what the CT log saw when it signed
/// (RFC 6962, section 3.2). Everything else stays as it is, byte for byte; only the lengths around it
/// change. Malformed: not the DER of a certificate with such a list and another extension beside it.
[[nodiscard]] Result<std::string> precertificate_of(std::string_view certificate);

}  // namespace tegata::verifier
