// SPDX-License-Identifier: Apache-2.0
// What the tables of the policy language are made of; for the files of those tables only.
#pragma once

#include "policy/document/fields.h"
#include "policy/model/limits.h"

namespace tegata::policy {

// What texts look like.
inline constexpr TextForm kLine{"", "text of one line", limits::kPolicyText};
inline constexpr TextForm kProse{"[^ \\t]", "text of one line that says something", limits::kPolicyText};
inline constexpr TextForm kHelpText{"[^ \\t]", "a text of one line, or a URL", limits::kHelp};
inline constexpr TextForm kPolicyName{"^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
                                      "a Kubernetes object name: lower-case letters, digits, '-' and '.'",
                                      253};
inline constexpr TextForm kRuleName{"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
                                    "a name of lower-case letters, digits and '-', with none at its ends",
                                    63};
inline constexpr TextForm kImageGlob{"^[^ \\t]+$", "an image glob: HOST/PATH, or ** alone", limits::kGlob};
inline constexpr TextForm kNamespace{"^[-a-z0-9*]+$", "the name of a namespace, or a glob of names", 63};
inline constexpr TextForm kCluster{"^[-_A-Za-z0-9*]+$", "the name of a cluster (no ARN), or a glob of names",
                                   255};
inline constexpr TextForm kAccount{"^[0-9]{12}$", "an AWS account id of 12 digits", 12};
inline constexpr TextForm kDigest{"^sha256:[0-9a-f]{64}$", "sha256: and 64 lower-case hex digits", 71};
inline constexpr TextForm kDate{"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a date, YYYY-MM-DD", 10};
inline constexpr TextForm kPattern{"", "a regular expression (RE2)", limits::kPattern};
inline constexpr TextForm kRepository{"^[^ \\t]+$", "a repository, HOST/PATH", limits::kReferenceText};
inline constexpr TextForm kServiceAccount{"^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[-.a-z0-9*]+$",
                                          "NAMESPACE/NAME, with globs in NAME only", 317};
inline constexpr TextForm kExact{"^[^*]+$", "an exact name ('*' is not a wildcard here)",
                                 limits::kPolicyText};
inline constexpr TextForm kRoleArn{
    "^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[-+=,.@_/A-Za-z0-9*]+$",
    "the ARN of a role, arn:PARTITION:iam::ACCOUNT:role/NAME, with globs after role/", limits::kGlob};
inline constexpr TextForm kUserArn{"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:user/[-+=,.@_/A-Za-z0-9]+$",
                                   "the ARN of a user, arn:PARTITION:iam::ACCOUNT:user/NAME, without globs",
                                   limits::kGlob};
inline constexpr TextForm kAwsService{"^[a-z0-9-]+([.][a-z0-9-]+)*[.]amazonaws[.]com([.]cn)?$",
                                      "the name of an AWS service, such as states.amazonaws.com", 253};

inline constexpr TextForm kDuration{"^[1-9][0-9]{0,9}[smhd]$", "a duration: a number and s, m, h or d", 11};
inline constexpr TextForm kVulnerabilityId{"^[A-Z][A-Z0-9]*-[-A-Za-z0-9._:]*$",
                                           "the id of a vulnerability, such as CVE-2026-1234", 128};

// Words that several fields share.
inline constexpr Word kEnforcements[] = {
    {"deny", "The deployment is refused."},
    {"warn", "The deployment passes; the person who deploys is shown a warning."},
    {"dryrun", "The deployment passes silently; the record says that it would have been refused."}};
inline constexpr Word kCosts[] = {
    {"deny", "The deployment is refused."},
    {"warn", "The deployment passes; the person who deploys is shown a warning."},
    {"dryrun", "The deployment passes silently; the record says that it would have been refused."},
    {"allow", "The deployment passes; it is only recorded."}};
inline constexpr Word kAllowOrDeny[] = {{"deny", "Refused."}, {"allow", "Accepted."}};

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
constexpr Field word(std::string_view name, std::string_view doc, Row<Word> words) {
  return {.name = name, .doc = doc, .type = Type::Word, .words = words};
}
constexpr Field truth(std::string_view name, std::string_view doc) {
  return {.name = name, .doc = doc, .type = Type::Truth};
}
constexpr Field shared(std::string_view name, Field field) {
  field.shared = name;
  return field;
}
/// One of the alternatives of a group: exactly one of each group is required.
constexpr Field of_group(Field field, unsigned group) {
  field.choice = Choice::ExactlyOne;
  field.group = group;
  return field;
}

}  // namespace tegata::policy
