// SPDX-License-Identifier: Apache-2.0
// The words of `key`, `keyless` and `certificate`; for the table of fields only.
#pragma once

#include "policy/document/field_makers.h"

namespace tegata::policy {

inline constexpr TextForm kIssuer{"", "the issuer of the certificate, or \"\" for one without",
                                  limits::kPolicyText, true};
inline constexpr TextForm kUriGlob{"^[^ \\t]+$", "a glob: * stays between slashes, ** crosses them",
                                   limits::kGlob};
inline constexpr TextForm kGitHubRepository{"^[A-Za-z0-9][-A-Za-z0-9]*/[-._A-Za-z0-9*]+$",
                                            "OWNER/NAME, with globs in NAME only", 200};
inline constexpr TextForm kWorkflowFile{
    "^[^/@ \\t]+[.]ya?ml$", "the name of a file under .github/workflows/, such as release.yml", 255};
inline constexpr TextForm kGitRef{"^refs/[^ \\t]+$", "a whole ref, such as refs/heads/main or refs/tags/v*",
                                  limits::kGlob};

inline constexpr Word kDemands[] = {{"required", "There must be a good one."},
                                    {"notRequired", "None is asked for, and what there is does not count."}};

inline constexpr Field kTrustedRoot[] = {
    text("file", "A trusted_root.json; nothing else stands beside it.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    texts("certificateAuthorities", "Files of PEM certificates: intermediates, then the root.", kLine,
          Choice::AtLeastOne),
    texts("transparencyLogs", "Files with the PEM public keys of Rekor v1 logs.", kLine, Choice::AtLeastOne),
    texts("certificateTransparencyLogs", "Files with the PEM public keys of certificate transparency logs.",
          kLine, Choice::AtLeastOne),
    texts("timestampAuthorities",
          "Files of PEM certificates of RFC 3161 authorities: leaf, intermediates, then the root.", kLine,
          Choice::AtLeastOne)};

constexpr Field trusted_root() {
  return shared(
      "trustedRoot",
      mapping("trustedRoot",
              "The roots of trust for this authority, as paths relative to the folder of this document; the "
              "program's --trusted-root where absent.",
              kTrustedRoot));
}
constexpr Field transparency_log(std::string_view doc) { return word("transparencyLog", doc, kDemands); }
constexpr Field signed_timestamp() {
  return word("signedTimestamp",
              "Whether a timestamp of RFC 3161 must prove when it was signed; notRequired where absent.",
              kDemands);
}

inline constexpr Field kKey[] = {
    text("file",
         "A file with one public key in PEM; a relative path is relative to the folder of this document.",
         kLine, Presence::Required),
    transparency_log("Whether the signature must be in a transparency log; notRequired where absent."),
    trusted_root()};

inline constexpr Field kGitHub[] = {
    text("repository", "OWNER/NAME of the repository whose workflow signed; globs in NAME only.",
         kGitHubRepository, Presence::Required),
    text("workflow",
         "The file under .github/workflows/ of that repository that the event started; any where absent.",
         kWorkflowFile),
    text("ref", "The branch or tag that was built, as a whole ref, with globs; any where absent.", kGitRef)};

/// Fulcio's extensions, by the names of its oid-info.md.
inline constexpr Field kExtensions[] = {
    text("githubWorkflowTrigger", "1.2: the event, as older certificates say it.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("githubWorkflowSHA", "1.3: the commit, as older certificates say it.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("githubWorkflowName", "1.4: the name of the workflow.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("githubWorkflowRepository", "1.5: OWNER/NAME, as older certificates say it.", kLine,
         Presence::Optional, Choice::AtLeastOne),
    text("githubWorkflowRef", "1.6: the ref, as older certificates say it.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("buildSignerURI", "1.9: the workflow that signed, a reusable one too.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("buildSignerDigest", "1.10: the commit of the workflow that signed.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("runnerEnvironment", "1.11: github-hosted or self-hosted.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("sourceRepositoryURI", "1.12: the repository that was built.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("sourceRepositoryDigest", "1.13: the commit that was built.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("sourceRepositoryRef", "1.14: the ref that was built.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("sourceRepositoryIdentifier", "1.15: the number of the repository, which a rename keeps.", kLine,
         Presence::Optional, Choice::AtLeastOne),
    text("sourceRepositoryOwnerURI", "1.16: the owner of the repository.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("sourceRepositoryOwnerIdentifier", "1.17: the number of the owner.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("buildConfigURI", "1.18: the workflow that the event started.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("buildConfigDigest", "1.19: the commit of that workflow.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("buildTrigger", "1.20: the event, such as push.", kLine, Presence::Optional, Choice::AtLeastOne),
    text("runInvocationURI", "1.21: the run itself.", kLine, Presence::Optional, Choice::AtLeastOne),
    text("sourceRepositoryVisibilityAtSigning", "1.22: public or private.", kLine, Presence::Optional,
         Choice::AtLeastOne),
    text("deploymentEnvironment", "1.23: the environment that the job deploys to.", kLine, Presence::Optional,
         Choice::AtLeastOne)};

// Groups of alternatives: 1 the issuer, 2 the subject; `github` says both.
constexpr Field issuer() { return of_group(text("issuer", "The OIDC issuer, exactly.", kIssuer), 1); }
constexpr Field issuer_pattern() {
  return of_group(
      text("issuerRegExp", "A regular expression (RE2) that the whole issuer must match.", kPattern), 1);
}
constexpr Field subject() {
  return of_group(text("subject", "The subject (a URI or a mail address), exactly.", kLine), 2);
}
constexpr Field subject_glob() {
  return of_group(
      text("subjectGlob", "A glob of subjects: * stays between slashes, ** crosses them.", kUriGlob), 2);
}
constexpr Field subject_pattern() {
  return of_group(
      text("subjectRegExp", "A regular expression (RE2) that the whole subject must match.", kPattern), 2);
}
constexpr Field extensions() {
  return shared(
      "extensions",
      mapping("extensions", "Fulcio's extensions that the certificate must have, with exactly these values.",
              kExtensions));
}

inline constexpr Field kKeyless[] = {
    issuer(),
    issuer_pattern(),
    subject(),
    subject_glob(),
    subject_pattern(),
    of_group(mapping("github", "A workflow of GitHub Actions; in place of issuer and subject.", kGitHub), 3),
    extensions(),
    trusted_root(),
    transparency_log("Whether the signature must be in a transparency log; required where absent."),
    signed_timestamp(),
    word("signedCertificateTimestamp",
         "Whether the certificate must be in a certificate transparency log; required where absent.",
         kDemands)};

inline constexpr Field kCertificate[] = {
    text("file",
         "A file with the one certificate (PEM) that may have signed; any that leads to the roots where "
         "absent.",
         kLine),
    texts("roots", "Files of PEM certificates: intermediates, then the root; in place of trustedRoot.",
          kLine),
    issuer(),
    issuer_pattern(),
    subject(),
    subject_glob(),
    subject_pattern(),
    extensions(),
    trusted_root(),
    transparency_log("Whether the signature must be in a transparency log; notRequired where absent."),
    signed_timestamp(),
    word("signedCertificateTimestamp",
         "Whether the certificate must be in a certificate transparency log; notRequired where absent.",
         kDemands)};

inline constexpr Field kAuthority[] = {
    mapping("key", "Whoever holds the private half of this key.", kKey, Choice::ExactlyOne),
    mapping("keyless", "An identity that Fulcio certified.", kKeyless, Choice::ExactlyOne),
    mapping("certificate", "A certificate of a public key infrastructure of your own.", kCertificate,
            Choice::ExactlyOne)};

constexpr Field authorities(std::string_view name, std::string_view doc, Choice choice,
                            std::string_view needs = {}) {
  return {.name = name,
          .doc = doc,
          .type = Type::Mapping,
          .form = Form::List,
          .choice = choice,
          .fields = kAuthority,
          .min = 1,
          .max = limits::kAuthorities,
          .needs = needs,
          .shared = "authority"};
}

}  // namespace tegata::policy
