// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "policy/model/trust_settings.h"
#include "verifier/crypto/certificate.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

/// Verifies a signing certificate at every one of `times` (at least one, else SigningTimeUnknown):
/// a path to a certificate authority of `root` that is valid then, and, where `certificate_timestamp` is
/// Required, an embedded SCT of one of its logs, valid then. Then reads whom it was issued to
/// (reference/sigstore.md, D.7). CertificateUntrusted, CertificateNotValid,
/// CertificateTimestampMissing, CertificateTimestampInvalid, CertificateMalformed (more than one subject
/// alternative name; issuer extensions that differ; an extension that is no UTF8String).
[[nodiscard]] OrRejection<CertificateIdentity> certified_identity(const Certificate& leaf,
                                                                  std::span<const Certificate> intermediates,
                                                                  std::span<const Time> times,
                                                                  const TrustedRoot& root,
                                                                  Demand certificate_timestamp);

/// Whom it says it was issued to; believed only after its chain was verified. CertificateMalformed.
[[nodiscard]] OrRejection<CertificateIdentity> identity_of(const Certificate& leaf);

}  // namespace tegata::verifier
