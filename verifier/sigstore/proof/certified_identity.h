// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "policy/model/trust_settings.h"
#include "verifier/crypto/certificate.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// Verifies a signing certificate at every one of `times` (at least one, else SigningTimeUnknown):
/// a path to a certificate authority of `root` that is valid then, and, where `certificate_timestamp` is
/// Required, an embedded SCT of one of its logs, valid then. Then reads the identity that it was issued to
/// (Fulcio, docs/oid-info.md). CertificateUntrusted, CertificateNotValid,
/// CertificateTimestampMissing, CertificateTimestampInvalid, CertificateMalformed (more than one subject
/// alternative name; issuer extensions that differ; an extension that is not a UTF8String).
[[nodiscard]] OrRejection<CertificateIdentity> certified_identity(const Certificate& leaf,
                                                                  std::span<const Certificate> intermediates,
                                                                  std::span<const Time> times,
                                                                  const TrustedRoot& root,
                                                                  Demand certificate_timestamp);

/// The identity in a certificate; valid only if its chain is verified. CertificateMalformed.
[[nodiscard]] OrRejection<CertificateIdentity> identity_of(const Certificate& leaf);

}  // namespace tegata::verifier
