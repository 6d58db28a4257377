// SPDX-License-Identifier: Apache-2.0
// The words of `attestation`; for the table of fields only.
#pragma once

#include "policy/document/authority_fields.h"

namespace tegata::policy {

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
                                  .doc = "true: something stands there (null too); false: nothing does.",
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
