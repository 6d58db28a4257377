// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/certified_identity.h"

#include <array>
#include <set>
#include <utility>

#include "verifier/crypto/asn1.h"
#include "verifier/crypto/signed_certificate_timestamp.h"

namespace tegata::verifier {
namespace {

using Path = std::vector<Certificate>;
using Search = std::variant<Path, PathRefusal>;

/// The first path at `time` to an authority that is trusted at that time.
OrRejection<Path> path_at(Time time, const Certificate& leaf, std::span<const Certificate> intermediates,
                          const TrustedRoot& root) {
  Rejection rejection =
      reject(RejectionReason::CertificateUntrusted, "the trusted root has no certificate authority");
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

/// The state of an SCT, by the log that it names.
enum class SctState { Good, OfNoTrustedLog, NotByItsLog };

SctState state_of(const SignedCertificateTimestamp& timestamp, std::span<const LogKey> logs) {
  SctState state = SctState::OfNoTrustedLog;
  for (const LogKey& log : logs) {
    if (log.key_id != timestamp.log_id || !log.trusted_at(timestamp.timestamp)) continue;
    if (log.key.check_log(timestamp.signed_data, timestamp.signature) == SignatureCheck::Good)
      return SctState::Good;
    state = SctState::NotByItsLog;
  }
  return state;
}

/// Checks that the certificate, as issued by `issuer`, is in a trusted log.
std::optional<Rejection> logged(const Certificate& leaf, const Certificate& issuer, const TrustedRoot& root) {
  const auto timestamps = embedded_timestamps(leaf, issuer);
  if (!timestamps.ok()) return reject(RejectionReason::CertificateMalformed, timestamps.error());
  bool forged = false;
  for (const SignedCertificateTimestamp& timestamp : *timestamps) {
    const SctState state = state_of(timestamp, root.certificate_timestamp_logs);
    if (state == SctState::Good) return std::nullopt;
    forged = forged || state == SctState::NotByItsLog;
  }
  if (forged)
    return reject(RejectionReason::CertificateTimestampInvalid,
                  "the signature of a certificate timestamp is invalid for this certificate and log");
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
  if (times.empty()) return reject(RejectionReason::SigningTimeUnknown, "the signing time is not proven");
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

namespace {

constexpr std::string_view kFulcio = "1.3.6.1.4.1.57264.1.";

enum class Encoding { Raw, Utf8String };
struct Extension {
  int number;  ///< below kFulcio
  std::string_view name;
  Encoding encoding;
};

/// Fulcio, docs/oid-info.md. Extensions .2 to .6 are raw text without DER, and deprecated.
constexpr std::array kExtensions{
    Extension{2, "githubWorkflowTrigger", Encoding::Raw},
    Extension{3, "githubWorkflowSHA", Encoding::Raw},
    Extension{4, "githubWorkflowName", Encoding::Raw},
    Extension{5, "githubWorkflowRepository", Encoding::Raw},
    Extension{6, "githubWorkflowRef", Encoding::Raw},
    Extension{9, "buildSignerURI", Encoding::Utf8String},
    Extension{10, "buildSignerDigest", Encoding::Utf8String},
    Extension{11, "runnerEnvironment", Encoding::Utf8String},
    Extension{12, "sourceRepositoryURI", Encoding::Utf8String},
    Extension{13, "sourceRepositoryDigest", Encoding::Utf8String},
    Extension{14, "sourceRepositoryRef", Encoding::Utf8String},
    Extension{15, "sourceRepositoryIdentifier", Encoding::Utf8String},
    Extension{16, "sourceRepositoryOwnerURI", Encoding::Utf8String},
    Extension{17, "sourceRepositoryOwnerIdentifier", Encoding::Utf8String},
    Extension{18, "buildConfigURI", Encoding::Utf8String},
    Extension{19, "buildConfigDigest", Encoding::Utf8String},
    Extension{20, "buildTrigger", Encoding::Utf8String},
    Extension{21, "runInvocationURI", Encoding::Utf8String},
    Extension{22, "sourceRepositoryVisibilityAtSigning", Encoding::Utf8String},
    Extension{23, "deploymentEnvironment", Encoding::Utf8String},
    Extension{24, "tokenSubject", Encoding::Utf8String},
};
constexpr Extension kIssuerRaw{1, "issuer", Encoding::Raw};
constexpr Extension kIssuer{8, "issuer", Encoding::Utf8String};

std::optional<std::string> decoded(const std::string& octets, Encoding encoding) {
  if (encoding == Encoding::Utf8String) return read_utf8_string(octets);
  return is_plain_text(octets) ? std::optional(octets) : std::nullopt;
}

Result<std::optional<std::string>> read(const Certificate& leaf, const Extension& extension) {
  const std::string oid = std::string(kFulcio) + std::to_string(extension.number);
  TEGATA_TRY(const std::optional<std::string> octets, leaf.extension(oid));
  if (!octets) return std::optional<std::string>();
  auto text = decoded(*octets, extension.encoding);
  if (!text)
    return Error{ErrorCode::Malformed,
                 "extension " + oid + " (" + std::string(extension.name) + ") does not hold valid text"};
  return text;
}

Result<std::string> issuer_of(const Certificate& leaf) {
  TEGATA_TRY(std::optional<std::string> issuer, read(leaf, kIssuer));
  TEGATA_TRY(std::optional<std::string> raw, read(leaf, kIssuerRaw));
  if (issuer && raw && *issuer != *raw)
    return Error{ErrorCode::Malformed,
                 "the certificate names two issuers, " + in_quotes(*issuer) + " and " + in_quotes(*raw)};
  return (issuer ? issuer : raw).value_or("");
}

Result<std::string> subject_of(const Certificate& leaf) {
  TEGATA_TRY(std::vector<std::string> names, leaf.subject_alternative_names());
  if (names.size() > 1)
    return Error{ErrorCode::Malformed, "the certificate has more than one subject alternative name"};
  return names.empty() ? std::string() : std::move(names.front());
}

Result<CertificateIdentity> read_identity(const Certificate& leaf) {
  CertificateIdentity identity;
  TEGATA_TRY(identity.issuer, issuer_of(leaf));
  TEGATA_TRY(identity.subject, subject_of(leaf));
  for (const Extension& extension : kExtensions) {
    TEGATA_TRY(std::optional<std::string> text, read(leaf, extension));
    if (text) identity.extensions.emplace(extension.name, *std::move(text));
  }
  return identity;
}

}  // namespace

OrRejection<CertificateIdentity> identity_of(const Certificate& leaf) {
  auto identity = read_identity(leaf);
  if (!identity.ok()) return reject(RejectionReason::CertificateMalformed, identity.error());
  return *std::move(identity);
}

}  // namespace tegata::verifier
