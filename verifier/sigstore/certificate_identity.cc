// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "verifier/crypto/asn1.h"
#include "verifier/sigstore/certified_identity.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kFulcio = "1.3.6.1.4.1.57264.1.";

enum class Encoding { Raw, Utf8String };
struct Extension {
  int number;  ///< below kFulcio
  std::string_view name;
  Encoding encoding;
};

/// Fulcio's oid-info.md. What stood in .2 to .6 was written without DER, and is deprecated.
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
    return Error{ErrorCode::Malformed, "extension " + oid + " (" + std::string(extension.name) +
                                           ") is not the text that it must be"};
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
