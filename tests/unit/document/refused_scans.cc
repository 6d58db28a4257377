// SPDX-License-Identifier: Apache-2.0
// Documents that are refused for what they say of vulnerabilities.
#include "tests/unit/document/documents.h"

#define KEYS "{key: {file: keys/ci.pub}}"
#define RULE(check) "  rules:\n    - {name: r, " check "}\n"
#define SIGNED "    - {name: signed, signature: {anyOf: [" KEYS "]}}\n"
#define EXEMPT(fields) "  rules: [{name: pinned, digest: required}]\n  exemptions:\n    - {" fields "}\n"
#define REST "reason: r, owner: o, expires: 2030-01-01"
#define SCANS(fields, ...) SCANS_OF(fields, __VA_ARGS__ __VA_OPT__(, ) "scanned")
#define SCANS_OF(fields, source, ...)                                       \
  "  rules:\n    - {name: scanned, attestation: {type: vuln, anyOf: [" KEYS \
  "]}}\n"                                                                   \
  "    - {name: r, vulnerabilities: {" fields ", sources: [{attestation: " source "}]}}\n"

namespace tegata::policy::testing {
namespace {

constexpr Seen kReader = Seen::ByReaderOnly;

constexpr RefusedDocument kRefusedScans[] = {
    {"minEpss", SCANS("minEpss: 0.5"), "7:35", "'minEpss' is not in this version"},
    {"knownExploited", SCANS("knownExploited: deny"), "7:35", "'knownExploited' is not in this version"},
    {"vex", SCANS("failAt: LOW, vex: [{attestation: scanned}]"), "7:48", "'vex' is not in this version"},
    {"source inspector", RULE("vulnerabilities: {failAt: LOW, sources: [inspector]}"), "6:58",
     "'sources: inspector' is not in this version"},
    {"source securityHub", RULE("vulnerabilities: {failAt: LOW, sources: [securityHub]}"), "6:58",
     "'sources: securityHub' is not in this version"},
    {"another source", RULE("vulnerabilities: {failAt: LOW, sources: [docker]}"), "6:58", "found 'docker'"},
    {"no source", RULE("vulnerabilities: {failAt: LOW, sources: []}"), "6:57", "must not be an empty list"},
    {"sources left out", RULE("vulnerabilities: {failAt: LOW}"), "6:34", "needs 'sources'"},
    {"nothing that counts", SCANS("fixableOnly: true"), "7:34", "needs at least one of failAt or minScore"},
    {"a severity in lower case", SCANS("failAt: high"), "7:43", "found 'high'; did you mean 'HIGH'?"},
    {"an unknown severity", SCANS("failAt: UNKNOWN"), "7:43", "must be INFORMATIONAL, LOW, MEDIUM, HIGH or"},
    {"a score above the scale", SCANS("minScore: 10.1"), "7:45",
     "must be a number from 0 to 10; found '10.1'"},
    {"a score below the scale", SCANS("minScore: -0.1"), "7:45", "must be a number from 0 to 10"},
    {"a score as text", SCANS("minScore: \"7\""), "7:45", "must be a number from 0 to 10"},
    {"a duration without a unit", SCANS("failAt: LOW, grace: \"168\""), "7:55",
     "a duration: a number and s, m"},
    {"a duration of nothing", SCANS("failAt: LOW, maxScanAge: 0h"), "7:60", "must be a duration"},
    {"a duration above ten years", SCANS("failAt: LOW, maxScanAge: 87601h"), "7:60",
     "'87601h' is too long: at most 87600h are allowed", kReader},
    {"a truth value as text", SCANS("failAt: LOW, fixableOnly: \"true\""), "7:61", "must be true or false"},
    {"a source that is no rule", SCANS("failAt: LOW", "scaned"), "7:72",
     "no rule named 'scaned' in this policy; did you mean 'scanned'?", kReader},
    {"a source of another type",
     "  rules:\n    - {name: scanned, attestation: {type: spdxjson, anyOf: [" KEYS "]}}\n"
     "    - {name: r, vulnerabilities: {failAt: LOW, sources: [{attestation: scanned}]}}\n",
     "7:72", "rule 'scanned' accepts no scans: expected a rule of the kind attestation with the type vuln",
     kReader},
    {"a source that is a signature rule",
     "  rules:\n" SIGNED
     "    - {name: r, vulnerabilities: {failAt: LOW, sources: [{attestation: signed}]}}\n",
     "7:72", "rule 'signed' accepts no scans", kReader},
    {"vulnerabilities exempted from another rule",
     EXEMPT("rules: [pinned], vulnerabilities: [CVE-2024-1], images: [\"**\"], " REST), "7:16",
     "rule 'pinned' is not of the kind vulnerabilities", kReader},
    {"a vulnerability's id with a space",
     EXEMPT("rules: [pinned], vulnerabilities: [\"CVE 2024-1\"], images: [\"**\"], " REST), "7:43",
     "must be the id of a vulnerability, such as CVE-2026-1234"},
    {"an empty list of vulnerabilities",
     EXEMPT("rules: [pinned], vulnerabilities: [], images: [\"**\"], " REST), "7:42",
     "must not be an empty list"},
};

}  // namespace

std::span<const RefusedDocument> refused_scans() { return kRefusedScans; }

}  // namespace tegata::policy::testing
