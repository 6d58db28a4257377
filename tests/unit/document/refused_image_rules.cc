// SPDX-License-Identifier: Apache-2.0
// Refused documents with the rules about what an image is and says of itself.
#include "tests/unit/document/documents.h"

#define RULE(check) "  rules:\n    - {name: r, " check "}\n"
#define KEYS "{key: {file: keys/ci.pub}}"
#define SIGNED "    - {name: signed, signature: {anyOf: [" KEYS "]}}\n"
#define EXEMPTION \
  "  exemptions:\n    - {rules: [r], images: [\"**\"], reason: r, owner: o, expires: 2030-01-01}\n"

namespace tegata::policy::testing {
namespace {

constexpr Seen kReader = Seen::ByReaderOnly;

constexpr RefusedDocument kRefused[] = {
    // The commit in the tag.
    {"bound to no rule", RULE("tag: {format: commitId, matchesProvenance: signd}") SIGNED, "6:60",
     "no rule named 'signd' in this policy; did you mean 'signed'?", kReader},
    {"bound to a rule of another kind", RULE("tag: {format: commitId, matchesProvenance: r}"), "6:60",
     "rule 'r' verifies no commit", kReader},
    {"bound without a commit in the tag", RULE("tag: {pattern: \"v.*\", matchesProvenance: signed}") SIGNED,
     "6:58", "this tag format has no commit", kReader},
    {"a commit from provenance without a rule", RULE("tag: {format: commitId, commitFrom: provenance}"),
     "6:53", "'commitFrom: provenance' needs 'matchesProvenance'", kReader},
    {"a commit from a label and from a rule",
     RULE("tag: {format: commitId, matchesProvenance: signed, commitFrom: label}") SIGNED, "6:80",
     "'commitFrom: label' cannot be combined with 'matchesProvenance'", kReader},
    {"a label without a commit in the tag", RULE("tag: {pattern: \"v.*\", commitFrom: label}"), "6:51",
     "this tag format has no commit: 'commitFrom: label' needs", kReader},
    {"a commit from nothing that has a form", RULE("tag: {commitFrom: label}"), "6:22",
     "needs at least one of format, pattern"},
    {"a commit from elsewhere", RULE("tag: {format: commitId, commitFrom: git}"), "6:53",
     "spec.rules[0].tag.commitFrom must be provenance or label; found 'git'"},
    // denied
    {"a list without a file", RULE("denied: {}"), "6:25", "denied needs 'file'"},
    {"a list that cannot be read", RULE("denied: {file: wrong.txt}"), "6:32",
     "the list of digests cannot be used: /etc/tegata/wrong.txt:3: \"x\" is not a digest", kReader},
    {"an exemption from a list", RULE("denied: {file: denied.txt}") EXEMPTION, "8:16",
     "rule 'r' is of the kind denied, which no exemption lifts", kReader},
    {"an exemption from a list that cannot be read", RULE("denied: {file: wrong.txt}") EXEMPTION, "8:16",
     "which no exemption lifts", kReader},
    // imageConfig
    {"an image config without words", RULE("imageConfig: {}"), "6:30",
     "imageConfig needs at least one of user, secrets, healthcheck or addFromUrl"},
    {"a cost for a fixed word", RULE("imageConfig: {secrets: warn}"), "6:40",
     "secrets must be deny; found 'warn'"},
    {"a user that is root", RULE("imageConfig: {user: root}"), "6:37", "user must be nonRoot; found 'root'"},
    // age
    {"an age of nothing", RULE("age: {}"), "6:22", "age needs at least one of maxSinceBuild"},
    {"an age since the push", RULE("age: {maxSincePush: 720h}"), "6:23",
     "'maxSincePush' is not in this version of tegata"},
    {"an age without a unit", RULE("age: {maxSinceBuild: \"720\"}"), "6:38",
     "a duration: a number and s, m, h or d"},
    {"an age of none", RULE("age: {maxSinceBuild: 0h}"), "6:38", "found '0h'"},
    {"an age of more than ten years", RULE("age: {maxSinceBuild: 3651d}"), "6:38",
     "'3651d' is too long: at most 87600h are allowed", kReader},
    {"an age that overflows", RULE("age: {maxSinceBuild: 9999999999d}"), "6:38", "is too long", kReader},
    {"an age of eleven digits", RULE("age: {maxSinceBuild: 10000000000s}"), "6:38", "at most 11 are allowed"},
    {"an age as Go writes it", RULE("age: {maxSinceBuild: 1h30m}"), "6:38", "found '1h30m'"},
    // baseImage
    {"a base image without digests", RULE("baseImage: {from: label}"), "6:28", "digests"},
    {"no base image at all", RULE("baseImage: {digests: []}"), "6:38", "digests"},
    {"a base image by its name", RULE("baseImage: {digests: [\"golang:1\"]}"), "6:39",
     "sha256: and 64 lower-case hex digits"},
    {"a base image from elsewhere",
     RULE("baseImage: {from: sbom, digests: "
          "[\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"]}"),
     "6:35", "spec.rules[0].baseImage.from must be label; found 'sbom'"},
};

}  // namespace

std::span<const RefusedDocument> refused_image_rules() { return kRefused; }

}  // namespace tegata::policy::testing
