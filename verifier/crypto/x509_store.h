// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifier/crypto/x509_ptr.h"

namespace tegata::verifier {

/// A store that trusts this certificate, self-signed or not, and nothing else: paths of at most
/// limits::kCertificateChain, keys and signatures of 112 bits of security or more. Built once for an
/// authority and then only read: the time of a verification belongs to its X509_STORE_CTX.
[[nodiscard]] X509StorePtr store_with(const Certificate& anchor, unsigned long more_flags = 0);

}  // namespace tegata::verifier
