// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fields of `key`, `keyless`, `certificate` and `attestation`; for the table of fields only.

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
                                    {"notRequired", "Not required, and ignored if present."}};

inline constexpr Field kTrustedRoot[] = {
    text("file", "A trusted_root.json file; it excludes the other fields.", kLine, Presence::Optional,
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
    mapping("key", "The holder of this private key.", kKey, Choice::ExactlyOne),
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

inline constexpr TextForm kPredicateType{
    "^(slsaprovenance|slsaprovenance02|slsaprovenance1|vuln|spdx|spdxjson|cyclonedx|openvex|link|custom|"
    "[A-Za-z][-+.A-Za-z0-9]*:[^ \\t]+)$",
    "a URI, or cosign's slsaprovenance, slsaprovenance1, vuln, spdx, cyclonedx, openvex, link or custom",
    limits::kPolicyText};
inline constexpr TextForm kPath{"^[^ \\t]", "a path, such as scanner.result.items[0][\"a key\"]",
                                limits::kPolicyText};
inline constexpr TextForm kInstant{
    "^(now([-+][0-9]+[smhd])?|"
    "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[-+][0-9]{2}:[0-9]{2}))$",
    "now, now with a distance (now-168h; s, m, h or d), or a time of RFC 3339", 64};

constexpr Field number(std::string_view name, std::string_view doc) {
  return {.name = name, .doc = doc, .type = Type::Number, .choice = Choice::ExactlyOne};
}
constexpr Field instant(std::string_view name, std::string_view doc) {
  return text(name, doc, kInstant, Presence::Optional, Choice::ExactlyOne);
}
inline constexpr Field kConditionPath = text(
    "path",
    "Where in the predicate (in an item, below any and all): names with dots, [0], [\"a key\"]; . is all of "
    "it.",
    kPath, Presence::Required);
inline constexpr Field kEquals = {.name = "equals",
                                  .doc = "This text, number or truth value, exactly.",
                                  .type = Type::Scalar,
                                  .choice = Choice::ExactlyOne};
inline constexpr Field kIn = {.name = "in",
                              .doc = "One of these.",
                              .type = Type::Scalar,
                              .form = Form::List,
                              .choice = Choice::ExactlyOne,
                              .min = 1,
                              .max = limits::kListedValues};
inline constexpr Field kMatches =
    text("matches", "A regular expression (RE2) that the whole text must match.", kPattern,
         Presence::Optional, Choice::ExactlyOne);
inline constexpr Field kExists = {.name = "exists",
                                  .doc = "true: a value is present (null too); false: none is.",
                                  .type = Type::Truth,
                                  .choice = Choice::ExactlyOne};
inline constexpr Field kLessThan = number("lessThan", "A number below this one.");
inline constexpr Field kAtMost = number("atMost", "A number not above this one.");
inline constexpr Field kGreaterThan = number("greaterThan", "A number above this one.");
inline constexpr Field kAtLeast = number("atLeast", "A number not below this one.");
inline constexpr Field kBefore = instant("before", "A time before this one.");
inline constexpr Field kNotAfter = instant("notAfter", "A time not after this one.");
inline constexpr Field kAfter = instant("after", "A time after this one: `after: now` for an expiry.");
inline constexpr Field kNotBefore =
    instant("notBefore", "A time not before this one: `notBefore: now-168h` for a maximal age.");

constexpr Field conditions(std::string_view name, std::string_view doc, Row<Field> fields,
                           std::string_view shared_as, Choice choice = Choice::ExactlyOne) {
  return {.name = name,
          .doc = doc,
          .type = Type::Mapping,
          .form = Form::List,
          .choice = choice,
          .fields = fields,
          .min = 1,
          .max = limits::kConditions,
          .shared = shared_as};
}
inline constexpr std::string_view kAnyDoc = "One item of the list meets all of these conditions.";
inline constexpr std::string_view kAllDoc =
    "Each item of the list meets all of these conditions; an empty list does.";

// any and all nest at most twice: the table itself is the bound.
inline constexpr Field kInnermost[] = {kConditionPath, kEquals, kIn,          kMatches, kExists,
                                       kLessThan,      kAtMost, kGreaterThan, kAtLeast, kBefore,
                                       kNotAfter,      kAfter,  kNotBefore};
inline constexpr Field kInner[] = {kConditionPath,
                                   kEquals,
                                   kIn,
                                   kMatches,
                                   kExists,
                                   kLessThan,
                                   kAtMost,
                                   kGreaterThan,
                                   kAtLeast,
                                   kBefore,
                                   kNotAfter,
                                   kAfter,
                                   kNotBefore,
                                   conditions("any", kAnyDoc, kInnermost, "innermostCondition"),
                                   conditions("all", kAllDoc, kInnermost, "innermostCondition")};
inline constexpr Field kCondition[] = {kConditionPath,
                                       kEquals,
                                       kIn,
                                       kMatches,
                                       kExists,
                                       kLessThan,
                                       kAtMost,
                                       kGreaterThan,
                                       kAtLeast,
                                       kBefore,
                                       kNotAfter,
                                       kAfter,
                                       kNotBefore,
                                       conditions("any", kAnyDoc, kInner, "innerCondition"),
                                       conditions("all", kAllDoc, kInner, "innerCondition")};

inline constexpr Field kProvenance[] = {
    text("builder", "The id of the builder, exactly or as a glob.", kUriGlob, Presence::Optional,
         Choice::AtLeastOne),
    text("sourceRepository",
         "The repository that was built, such as https://github.com/acme/shop, exactly or as a glob.",
         kUriGlob, Presence::Optional, Choice::AtLeastOne),
    text("buildType", "The build type, exactly.", kLine, Presence::Optional, Choice::AtLeastOne),
    {.name = "baseImages",
     .doc = "The digests that container images among the materials may have; there must be one.",
     .form = Form::List,
     .choice = Choice::AtLeastOne,
     .text = &kDigest,
     .min = 1,
     .max = limits::kListedValues}};

inline constexpr Field kAttestation[] = {
    text("type", "The predicate type: a URI, or cosign's word for one.", kPredicateType, Presence::Required),
    authorities("anyOf", "One of these authorities must have attested.", Choice::ExactlyOne),
    authorities("allOf", "All of these authorities must have attested.", Choice::ExactlyOne),
    {.name = "threshold",
     .doc = "How many distinct signers among the authorities of `of` must have attested.",
     .type = Type::Count,
     .choice = Choice::ExactlyOne,
     .min = 1,
     .max = limits::kAuthorities,
     .needs = "of"},
    authorities("of", "The authorities that `threshold` counts.", Choice::Free, "threshold"),
    conditions("where", "What the predicate must say: all of these conditions.", kCondition, "condition",
               Choice::Free),
    mapping("provenance", "What a SLSA provenance (v0.2 or v1) must say.", kProvenance),
    text("repository", "The repository, HOST/PATH, in which the attestations live, if not beside the image.",
         kRepository)};

}  // namespace tegata::policy
