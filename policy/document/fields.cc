// SPDX-License-Identifier: Apache-2.0
// The policy language: every field with its meaning (docs/policy-reference.md), from the leaves up.
#include "policy/document/fields.h"

#include "policy/document/field_makers.h"
#include "policy/document/scan_fields.h"
#include "policy/document/signer_fields.h"
#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

// spec.match
constexpr Field kMatchKubernetes[] = {
    texts("namespaces", "Globs of namespace names; all namespaces where absent.", kNamespace),
    texts("excludeNamespaces", "Globs of namespace names that the policy leaves out.", kNamespace)};
constexpr Field kMatchEcs[] = {
    texts("accounts", "AWS account ids; all accounts where absent.", kAccount),
    texts("clusters", "Globs of cluster names; all clusters where absent.", kCluster)};
constexpr Field kMatch[] = {
    mapping("kubernetes", "Which Kubernetes requests; {} is all of them.", kMatchKubernetes,
            Choice::AtLeastOne),
    mapping("ecs", "Which Amazon ECS requests; {} is all of them.", kMatchEcs, Choice::AtLeastOne)};

// tag, digest
constexpr Word kTagFormats[] = {{"commitId", "7 to 64 lower-case hex digits, as Git names a commit."}};
constexpr Word kImmutable[] = {
    {"registry", "The setting of the ECR repository (imageTagMutability, with its exclusion filters)."},
    {"ledger", "Tegata holds a tag to the first digest that it allowed.", Version::Later}};
constexpr Word kDigests[] = {{"required", "The reference must name a digest."},
                             {"resolve", "Tegata pins the digest that the tag names.", Version::Later}};
constexpr Word kCommitSources[] = {
    {"provenance", "The certificate or provenance that the rule of matchesProvenance has verified."},
    {"label", "The image's own label (or annotation) org.opencontainers.image.revision."}};
constexpr Field kTag[] = {
    {.name = "format",
     .doc = "A form that tags must have.",
     .type = Type::Word,
     .choice = Choice::AtLeastOne,
     .words = kTagFormats},
    {.name = "minLength",
     .doc = "The fewest digits of a commit id; 40 requires the whole one. 7 where absent.",
     .type = Type::Count,
     .min = 7,
     .max = 64,
     .needs = "format"},
    text("pattern",
         "A regular expression (RE2) that the whole tag must match, with an optional group named commit.",
         kPattern, Presence::Optional, Choice::AtLeastOne),
    {.name = "digestOnly",
     .doc = "Whether a reference with a digest and no tag passes; deny where absent.",
     .type = Type::Word,
     .words = kAllowOrDeny},
    {.name = "immutable",
     .doc = "What must keep a tag from being moved; not asked of references with a digest.",
     .type = Type::Word,
     .choice = Choice::AtLeastOne,
     .words = kImmutable},
    text(
        "matchesProvenance",
        "The signature or attestation rule of this policy whose verified certificate or provenance must name "
        "the commit in the tag.",
        kRuleName, Presence::Optional, Choice::AtLeastOne),
    word("commitFrom",
         "Whose word it is that the image was built from the tag's commit; provenance where absent. With "
         "label there is no matchesProvenance.",
         kCommitSources)};

// denied
constexpr Field kDenied[] = {text(
    "file",
    "A file with one digest a line (# begins a comment); a relative path is relative to the folder of this "
    "document.",
    kLine, Presence::Required)};

// baseImage
constexpr Word kBaseSources[] = {
    {"label",
     "The annotation org.opencontainers.image.base.digest of the manifest, else the label of that name."}};
constexpr Field kBaseImage[] = {{.name = "digests",
                                 .doc = "The digests that the base image may have.",
                                 .form = Form::List,
                                 .presence = Presence::Required,
                                 .text = &kDigest,
                                 .min = 1,
                                 .max = limits::kListedValues},
                                word("from", "Who names the base image; label where absent.", kBaseSources)};

// imageConfig
constexpr Word kNonRoot[] = {{"nonRoot", "Another user than root: no name root, no number 0."}};
constexpr Word kNone[] = {{"deny", "There must be none."}};
constexpr Word kRequired[] = {{"required", "There must be one."}};
constexpr Field at_least_one(Field field) {
  field.choice = Choice::AtLeastOne;
  return field;
}
constexpr Field kImageConfig[] = {
    at_least_one(word("user", "The USER that the image runs as, as far as its text says.", kNonRoot)),
    at_least_one(word(
        "secrets", "Variables, labels, build arguments and commands of the history that look like secrets.",
        kNone)),
    at_least_one(word("healthcheck", "The image's HEALTHCHECK; NONE is none.", kRequired)),
    at_least_one(word("addFromUrl", "ADD from a URL in the history of the image.", kNone))};

// age
constexpr Field kAge[] = {
    later("maxSincePush", "How long ago the image may have been pushed to ECR.", Choice::AtLeastOne),
    text("maxSinceBuild", "How long ago the image may have been built, as its config says (`created`).",
         kDuration, Presence::Optional, Choice::AtLeastOne)};

// signature
constexpr Field kSignature[] = {
    authorities("anyOf", "One of these authorities must have signed the image.", Choice::ExactlyOne),
    authorities("allOf", "All of these authorities must have signed the image.", Choice::ExactlyOne),
    {.name = "threshold",
     .doc = "How many distinct authorities of `of` must have signed the image.",
     .type = Type::Count,
     .choice = Choice::ExactlyOne,
     .min = 1,
     .max = limits::kAuthorities,
     .needs = "of"},
    authorities("of", "The authorities that `threshold` counts.", Choice::Free, "threshold"),
    {.name = "annotations",
     .doc = "Annotations that the signature must carry (cosign sign -a key=value).",
     .type = Type::TextMap,
     .text = &kLine,
     .min = 1},
    text("identity", "A glob that the repository of the signed docker-reference must match.", kImageGlob),
    text("repository", "The repository, HOST/PATH, in which the signatures live, if not beside the image.",
         kRepository)};

// deployers
constexpr Field kDeployersKubernetes[] = {
    texts("serviceAccounts", "NAMESPACE/NAME of service accounts, with globs in NAME only.", kServiceAccount,
          Choice::AtLeastOne),
    texts("users", "User names, exactly.", kExact, Choice::AtLeastOne),
    texts("groups", "Groups, exactly.", kExact, Choice::AtLeastOne)};
constexpr Field kDeployersEcs[] = {
    texts("roles", "ARNs of IAM roles, with globs after role/.", kRoleArn, Choice::AtLeastOne),
    texts("services", "AWS services that may deploy on behalf of a caller.", kAwsService, Choice::AtLeastOne),
    texts("users", "ARNs of IAM users, exactly, that may deploy with access keys.", kUserArn,
          Choice::AtLeastOne),
    {.name = "manual",
     .doc =
         "Console sessions, root, people from IAM Identity Center and unlisted IAM users; deny where absent.",
     .type = Type::Word,
     .choice = Choice::AtLeastOne,
     .words = kAllowOrDeny}};
constexpr Field kDeployers[] = {
    mapping("kubernetes", "Who may deploy on Kubernetes; one that matches is enough.", kDeployersKubernetes,
            Choice::AtLeastOne),
    mapping("ecs", "Who may deploy on Amazon ECS; one that matches is enough.", kDeployersEcs,
            Choice::AtLeastOne)};

// spec.rules, spec.exemptions
constexpr Field kRule[] = {
    text("name", "The rule's name, once in a policy; messages and exemptions use it.", kRuleName,
         Presence::Required),
    texts("images",
          "Globs of the images that the rule looks at; every image where absent. Not on rules about the "
          "request.",
          kImageGlob),
    enforcement("What breaking this rule costs, in place of the policy's enforcement."),
    on_missing("In place of the policy's onMissing."),
    on_unknown("In place of the policy's onUnknown."),
    text(
        "help",
        "What your organisation adds to each finding of this rule: a text or a URL, printed with the denial.",
        kHelpText),
    texts("allowedRegistries", "Globs; an image must match one of them.", kImageGlob, Choice::ExactlyOne),
    mapping("tag", "What the tag must look like. A tag beside a digest must name that digest.", kTag,
            Choice::ExactlyOne),
    {.name = "digest",
     .doc = "Images are named by digest, which cannot be moved.",
     .type = Type::Word,
     .choice = Choice::ExactlyOne,
     .words = kDigests},
    mapping("signature", "Who must have signed the image, with cosign.", kSignature, Choice::ExactlyOne),
    mapping("attestation", "Signed statements that there must be about the image, and what they must say.",
            kAttestation, Choice::ExactlyOne),
    mapping("baseImage",
            "What the image must be built on, as it says itself. Beside it, `provenance.baseImages` of an "
            "attestation is what a builder has signed.",
            kBaseImage, Choice::ExactlyOne),
    mapping(
        "denied",
        "Withdrawn images: neither the image nor a manifest of its index may be on the list. No exemption "
        "lifts it.",
        kDenied, Choice::ExactlyOne),
    mapping(
        "imageConfig",
        "What the config of the image must say of its user, secrets, health check and build; the words are "
        "fixed, and what breaking them costs is the rule's enforcement.",
        kImageConfig, Choice::ExactlyOne),
    mapping("age", "How old the image may be. Of an index, each image that can run.", kAge,
            Choice::ExactlyOne),
    mapping("deployers", "Who may deploy. On a platform without a block the rule does not judge.", kDeployers,
            Choice::ExactlyOne),
    mapping("vulnerabilities", "What scans of the image may show.", kVulnerabilities, Choice::ExactlyOne),
    later("overrides", "What a RunTask call may replace.", Choice::ExactlyOne),
    later("executeCommand", "Whether ECS Exec may be turned on.", Choice::ExactlyOne),
    later("workload", "What a workload may ask of its host.", Choice::ExactlyOne)};
constexpr Field kExemption[] = {
    texts("rules", "Names of rules of this policy that are lifted.", kRuleName, Choice::Free,
          Presence::Required),
    texts("images", "Globs of the images it is for; beside digests, both must match.", kImageGlob,
          Choice::AtLeastOne),
    texts("digests", "Digests of the images it is for, as the references name them.", kDigest,
          Choice::AtLeastOne),
    text("reason", "Why.", kProse, Presence::Required),
    text("owner", "Who answers for it.", kProse, Presence::Required),
    text("expires", "Its last day, YYYY-MM-DD, in UTC; afterwards it has no effect.", kDate,
         Presence::Required),
    texts("vulnerabilities",
          "The only vulnerabilities that it lifts, by their ids; its rules are then of the kind "
          "vulnerabilities. The rules themselves where absent.",
          kVulnerabilityId)};

constexpr Field kSpec[] = {
    enforcement("What breaking a rule costs; deny where absent."),
    on_missing(
        "What it costs that there is nothing to check, such as no signature at all; as `enforcement` where "
        "absent. The milder of the two counts."),
    on_unknown(
        "What it costs that something could not be checked, such as a registry that does not answer; as "
        "`enforcement` where absent. The milder of the two counts."),
    later("maxStale", "How long a digest that was verified stays admitted while its registry is away."),
    later("ecs", "Settings of the ECS enforcement."),
    mapping("match",
            "Which requests the policy looks at; everything where absent. A platform without a block never "
            "matches.",
            kMatch),
    {.name = "rules",
     .doc = "What is demanded; each rule has exactly one kind of check.",
     .type = Type::Mapping,
     .form = Form::List,
     .presence = Presence::Required,
     .fields = kRule,
     .min = 1},
    {.name = "exemptions",
     .doc = "Exceptions from named rules, each with an owner and an end.",
     .type = Type::Mapping,
     .form = Form::List,
     .fields = kExemption}};
constexpr Field kMetadata[] = {
    text("name", "The policy's name, once in a set of policies.", kPolicyName, Presence::Required)};
constexpr Word kApiVersions[] = {{"tegata.dev/v1alpha1", "The version of this language."}};
constexpr Word kKinds[] = {{"DeploymentPolicy", "A policy about deployments."}};
constexpr Field kDocument[] = {
    {.name = "apiVersion",
     .doc = "The version of the policy language.",
     .type = Type::Word,
     .presence = Presence::Required,
     .words = kApiVersions},
    {.name = "kind",
     .doc = "What the document is.",
     .type = Type::Word,
     .presence = Presence::Required,
     .words = kKinds},
    mapping("metadata", "What the policy is called.", kMetadata, Choice::Free, Presence::Required),
    mapping("spec", "What the policy says.", kSpec, Choice::Free, Presence::Required)};

}  // namespace

Row<Field> document_fields() { return kDocument; }

const Field* find_field(Row<Field> fields, std::string_view name) {
  for (const auto& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

std::vector<std::string_view> names_of(Row<Field> fields) {
  std::vector<std::string_view> names;
  for (const auto& field : fields)
    if (field.version == Version::Built) names.push_back(field.name);
  return names;
}

std::vector<std::string_view> names_of(Row<Word> words) {
  std::vector<std::string_view> names;
  for (const auto& word : words)
    if (word.version == Version::Built) names.push_back(word.name);
  return names;
}

std::vector<std::string_view> names_of(Row<Field> fields, Choice choice) {
  std::vector<std::string_view> names;
  for (const auto& field : fields)
    if (field.version == Version::Built && field.choice == choice) names.push_back(field.name);
  return names;
}

std::vector<std::vector<std::string_view>> groups_of(Row<Field> fields) {
  std::vector<std::vector<std::string_view>> groups;
  for (const unsigned group : {1U, 2U}) {
    std::vector<std::string_view> names;
    for (const auto& field : fields)
      if (field.version == Version::Built && field.choice == Choice::ExactlyOne && (field.group & group) != 0)
        names.push_back(field.name);
    if (!names.empty()) groups.push_back(std::move(names));
  }
  return groups;
}

}  // namespace tegata::policy
