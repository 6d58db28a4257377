// SPDX-License-Identifier: Apache-2.0
// The policy language: every word of design.md, section 4, with what it means, from the leaves up.
#include "policy/document/fields.h"

#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

// What texts look like.
constexpr TextForm kLine{"", "text of one line", limits::kPolicyText};
constexpr TextForm kProse{"[^ \\t]", "text of one line that says something", limits::kPolicyText};
constexpr TextForm kPolicyName{"^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
                               "a Kubernetes object name: lower-case letters, digits, '-' and '.'", 253};
constexpr TextForm kRuleName{"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
                             "a name of lower-case letters, digits and '-', with none at its ends", 63};
constexpr TextForm kImageGlob{"^[^ \\t]+$", "an image glob: HOST/PATH, or ** alone", limits::kGlob};
constexpr TextForm kNamespace{"^[-a-z0-9*]+$", "the name of a namespace, or a glob of names", 63};
constexpr TextForm kCluster{"^[-_A-Za-z0-9*]+$", "the name of a cluster (no ARN), or a glob of names", 255};
constexpr TextForm kAccount{"^[0-9]{12}$", "an AWS account id of 12 digits", 12};
constexpr TextForm kDigest{"^sha256:[0-9a-f]{64}$", "sha256: and 64 lower-case hex digits", 71};
constexpr TextForm kDate{"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a date, YYYY-MM-DD", 10};
constexpr TextForm kPattern{"", "a regular expression (RE2)", limits::kPattern};
constexpr TextForm kRepository{"^[^ \\t]+$", "a repository, HOST/PATH", limits::kReferenceText};
constexpr TextForm kServiceAccount{"^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[-.a-z0-9*]+$",
                                   "NAMESPACE/NAME, with globs in NAME only", 317};
constexpr TextForm kExact{"^[^*]+$", "an exact name ('*' stands for nothing here)", limits::kPolicyText};
constexpr TextForm kRoleArn{"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[-+=,.@_/A-Za-z0-9*]+$",
                            "the ARN of a role, arn:PARTITION:iam::ACCOUNT:role/NAME, with globs after role/",
                            limits::kGlob};
constexpr TextForm kUserArn{"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:user/[-+=,.@_/A-Za-z0-9]+$",
                            "the ARN of a user, arn:PARTITION:iam::ACCOUNT:user/NAME, without globs",
                            limits::kGlob};
constexpr TextForm kAwsService{"^[a-z0-9-]+([.][a-z0-9-]+)*[.]amazonaws[.]com([.]cn)?$",
                               "the name of an AWS service, such as states.amazonaws.com", 253};

// Words that several fields share.
constexpr Word kEnforcements[] = {
    {"deny", "The deployment is refused."},
    {"warn", "The deployment passes; whoever made it is shown a warning."},
    {"dryrun", "The deployment passes silently; the record says that it would have been refused."}};
constexpr Word kCosts[] = {
    {"deny", "The deployment is refused."},
    {"warn", "The deployment passes; whoever made it is shown a warning."},
    {"dryrun", "The deployment passes silently; the record says that it would have been refused."},
    {"allow", "The deployment passes; it is only recorded."}};
constexpr Word kAllowOrDeny[] = {{"deny", "Refused."}, {"allow", "Accepted."}};

constexpr Field enforcement(std::string_view doc) {
  return {.name = "enforcement", .doc = doc, .type = Type::Word, .words = kEnforcements};
}
constexpr Field on_missing(std::string_view doc) {
  return {.name = "onMissing", .doc = doc, .type = Type::Word, .words = kCosts};
}
constexpr Field on_unknown(std::string_view doc) {
  return {.name = "onUnknown", .doc = doc, .type = Type::Word, .words = kCosts};
}
constexpr Field later(std::string_view name, std::string_view doc, Choice choice = Choice::Free) {
  return {.name = name, .doc = doc, .version = Version::Later, .choice = choice};
}
constexpr Field texts(std::string_view name, std::string_view doc, const TextForm& form,
                      Choice choice = Choice::Free, Presence presence = Presence::Optional) {
  return {.name = name,
          .doc = doc,
          .form = Form::List,
          .presence = presence,
          .choice = choice,
          .text = &form,
          .min = 1};
}
constexpr Field text(std::string_view name, std::string_view doc, const TextForm& form,
                     Presence presence = Presence::Optional, Choice choice = Choice::Free) {
  return {.name = name, .doc = doc, .presence = presence, .choice = choice, .text = &form};
}
constexpr Field mapping(std::string_view name, std::string_view doc, Row<Field> fields,
                        Choice choice = Choice::Free, Presence presence = Presence::Optional) {
  return {.name = name,
          .doc = doc,
          .type = Type::Mapping,
          .presence = presence,
          .choice = choice,
          .fields = fields};
}

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
constexpr Word kDigests[] = {{"required", "The reference must name a digest."},
                             {"resolve", "Tegata pins the digest that the tag names.", Version::Later}};
constexpr Field kTag[] = {
    {.name = "format",
     .doc = "A form that tags must have.",
     .type = Type::Word,
     .choice = Choice::AtLeastOne,
     .words = kTagFormats},
    {.name = "minLength",
     .doc = "The fewest digits of a commit id; 40 asks for the whole one. 7 where absent.",
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
    later("immutable", "Holds a tag to one digest.", Choice::AtLeastOne),
    later("matchesProvenance", "The rule whose verified provenance names the commit of the tag.",
          Choice::AtLeastOne),
    later("commitFrom", "Where the commit of an image is read.")};

// signature
constexpr Word kTransparencyLog[] = {
    {"required", "The signature must be in a transparency log.", Version::Later},
    {"notRequired", "No log is asked."}};
constexpr Field kKey[] = {
    text("file",
         "A file with one public key in PEM; a relative path is relative to the folder of this document.",
         kLine, Presence::Required),
    {.name = "transparencyLog",
     .doc = "Whether the signature must be in a transparency log; notRequired where absent.",
     .type = Type::Word,
     .words = kTransparencyLog},
    later("trustedRoot", "The roots of trust for the log.")};
constexpr Field kAuthority[] = {
    mapping("key", "Whoever holds the private half of this key.", kKey, Choice::ExactlyOne),
    later("keyless", "An identity that Fulcio certified.", Choice::ExactlyOne),
    later("certificate", "A certificate of a chain of your own.", Choice::ExactlyOne),
    later("trustedRoot", "The roots of trust for this authority.")};

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
          .needs = needs};
}
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
    texts("services", "AWS services that may deploy on somebody's behalf.", kAwsService, Choice::AtLeastOne),
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
    texts("allowedRegistries", "Globs; an image must match one of them.", kImageGlob, Choice::ExactlyOne),
    mapping("tag", "What the tag must look like. A tag beside a digest must name that digest.", kTag,
            Choice::ExactlyOne),
    {.name = "digest",
     .doc = "Images are named by digest, which cannot be moved.",
     .type = Type::Word,
     .choice = Choice::ExactlyOne,
     .words = kDigests},
    mapping("signature", "Who must have signed the image, with cosign.", kSignature, Choice::ExactlyOne),
    mapping("deployers", "Who may deploy. On a platform without a block the rule does not judge.", kDeployers,
            Choice::ExactlyOne),
    later("attestation", "Signed statements about the image.", Choice::ExactlyOne),
    later("vulnerabilities", "What scans of the image may hold.", Choice::ExactlyOne),
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
    later("vulnerabilities", "The only vulnerabilities that it lifts.")};

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
     .doc = "Exceptions from named rules, that somebody answers for and that end.",
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

}  // namespace tegata::policy
