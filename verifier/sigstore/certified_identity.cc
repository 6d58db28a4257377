// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/certified_identity.h"

#include <set>

#include "verifier/crypto/signed_certificate_timestamp.h"

namespace tegata::verifier {
namespace {

using Path = std::vector<Certificate>;
using Search = std::variant<Path, PathRefusal>;

/// The first path at `time`, by an authority that is believed then.
OrRejection<Path> path_at(Time time, const Certificate& leaf, std::span<const Certificate> intermediates,
                          const TrustedRoot& root) {
  Rejection rejection =
      reject(RejectionReason::CertificateUntrusted, "the root names no certificate authority");
  for (const auto& [authority, valid] : root.certificate_authorities) {
    Search search = authority.path(leaf, intermediates, time);
    auto* path = std::get_if<Path>(&search);
    if (path != nullptr && valid.holds(time)) return std::move(*path);
    const auto* refusal = std::get_if<PathRefusal>(&search);
    if (refusal == nullptr)
      rejection = reject(RejectionReason::CertificateNotValid,
                         "the root does not trust the certificate's authority at the time of signing");
    else if (refusal->why == PathRefusal::Why::NotValidThen)
      rejection = reject(RejectionReason::CertificateNotValid, refusal->detail);
    else if (rejection.reason == RejectionReason::CertificateUntrusted)
      rejection.detail = refusal->detail;
  }
  return rejection;
}

/// What a SCT is, by the log that it names.
enum class Standing { Good, OfNoTrustedLog, NotByItsLog };

Standing standing_of(const SignedCertificateTimestamp& timestamp, std::span<const LogKey> logs) {
  Standing standing = Standing::OfNoTrustedLog;
  for (const LogKey& log : logs) {
    if (log.key_id != timestamp.log_id || !log.valid.start || !log.valid.holds(timestamp.timestamp)) continue;
    if (log.key.check_log(timestamp.signed_data, timestamp.signature) == SignatureCheck::Good)
      return Standing::Good;
    standing = Standing::NotByItsLog;
  }
  return standing;
}

/// Whether a trusted log holds the certificate, as `issuer` issued it.
std::optional<Rejection> logged(const Certificate& leaf, const Certificate& issuer, const TrustedRoot& root) {
  const auto timestamps = embedded_timestamps(leaf, issuer);
  if (!timestamps.ok()) return reject(RejectionReason::CertificateMalformed, timestamps.error());
  bool forged = false;
  for (const SignedCertificateTimestamp& timestamp : *timestamps) {
    const Standing standing = standing_of(timestamp, root.certificate_timestamp_logs);
    if (standing == Standing::Good) return std::nullopt;
    forged = forged || standing == Standing::NotByItsLog;
  }
  if (forged)
    return reject(RejectionReason::CertificateTimestampInvalid,
                  "a certificate timestamp was not made by its log for this certificate");
  return reject(RejectionReason::CertificateTimestampMissing,
                timestamps->empty()
                    ? "the certificate holds no certificate timestamp"
                    : "no certificate timestamp is of a log that the root trusts at its time");
}

}  // namespace

OrRejection<CertificateIdentity> certified_identity(const Certificate& leaf,
                                                    std::span<const Certificate> intermediates,
                                                    std::span<const Time> times, const TrustedRoot& root,
                                                    Demand certificate_timestamp) {
  if (times.empty())
    return reject(RejectionReason::SigningTimeUnknown, "nothing proves when the signature was made");
  std::set<CertificateId> issuers;
  for (const Time time : std::set<Time>(times.begin(), times.end())) {
    auto path = path_at(time, leaf, intermediates, root);
    if (auto* rejection = std::get_if<Rejection>(&path)) return std::move(*rejection);
    const Certificate& issuer = std::get<Path>(path).at(1);
    const bool is_new = issuers.insert(issuer.id()).second;
    if (certificate_timestamp == Demand::NotRequired || !is_new) continue;
    if (auto rejection = logged(leaf, issuer, root)) return *std::move(rejection);
  }
  return identity_of(leaf);
}

}  // namespace tegata::verifier
