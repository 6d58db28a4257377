// SPDX-License-Identifier: Apache-2.0
// The words of `vulnerabilities`; for the table of the policy language only.
#pragma once

#include "policy/document/field_makers.h"

namespace tegata::policy {

inline constexpr Word kSeverities[] = {
    {"INFORMATIONAL", "Every vulnerability that is rated, negligible ones too."},
    {"LOW", "LOW and above."},
    {"MEDIUM", "MEDIUM and above."},
    {"HIGH", "HIGH and above."},
    {"CRITICAL", "CRITICAL alone."}};
inline constexpr Word kUnknownSeverities[] = {{"deny", "It counts, whatever failAt says."},
                                              {"allow", "It does not count, unless its score is too high."}};
inline constexpr Word kRequired[] = {{"all", "Every source must have answered."},
                                     {"any", "One source that has answered is enough."}};
inline constexpr Word kScanSourceWords[] = {{"ecr", "Amazon ECR's scan of the image, basic or enhanced."},
                                            {"inspector", "Amazon Inspector's findings.", Version::Later},
                                            {"securityHub", "AWS Security Hub's findings.", Version::Later}};
inline constexpr Field kScanSource[] = {
    text("attestation",
         "The attestation rule of this policy, of the type vuln, whose attestations hold the reports.",
         kRuleName, Presence::Required)};
inline constexpr Field kVulnerabilities[] = {
    {.name = "failAt",
     .doc = "The lowest severity that counts.",
     .type = Type::Word,
     .choice = Choice::AtLeastOne,
     .words = kSeverities},
    {.name = "minScore",
     .doc = "The lowest CVSS base score that counts, beside failAt. A vulnerability without a score has the "
            "highest of its severity.",
     .type = Type::Number,
     .choice = Choice::AtLeastOne,
     .max = 10},
    later("minEpss", "The lowest EPSS score that counts.", Choice::AtLeastOne),
    later("knownExploited", "Whether those on CISA's list of known exploited vulnerabilities count.",
          Choice::AtLeastOne),
    word("unknownSeverity", "What a vulnerability that its source did not rate does; deny where absent.",
         kUnknownSeverities),
    truth("fixableOnly", "Whether one that has no fix does not count; false where absent."),
    truth("exploitable", "Whether one that has no exploit does not count; false where absent."),
    text("grace", "How long one does not count after its source first observed it; none where absent.",
         kDuration),
    text("maxScanAge", "The oldest scan that counts; any where absent.", kDuration),
    {.name = "sources",
     .doc = "Who has scanned the image: ecr, or {attestation: RULE}.",
     .type = Type::Mapping,
     .form = Form::List,
     .presence = Presence::Required,
     .words = kScanSourceWords,
     .fields = kScanSource,
     .min = 1,
     .max = limits::kScanSources},
    word("require", "How many of the sources must have answered; all where absent.", kRequired),
    later("vex", "Attestations that lift vulnerabilities which do not affect the image."),
    truth("honorSuppressions",
          "Whether what was suppressed or resolved at its source does not count; false where absent.")};

}  // namespace tegata::policy
