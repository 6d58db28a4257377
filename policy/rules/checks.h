// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/digest_list.h"
#include "policy/model/scan_report.h"
#include "policy/model/trust_settings.h"
#include "policy/rules/pattern.h"

/// What a rule checks: one settings struct for each kind, as the policy document says it. Immutable
/// once loaded; the code that judges each kind is in the file of its name (signer_rules.cc for signatures
/// and attestations, rules.cc for the short ones).
namespace re2 {
class RE2;
}

namespace tegata::policy {

/// `allowedRegistries: [GLOB…]`
struct AllowedRegistries {
  std::vector<ImageGlob> globs;
};

/// `denied: {file: FILE}`
struct DeniedCheck {
  std::shared_ptr<const DigestList> list;  ///< never null
  std::string file;                        ///< as the policy writes it

  /// Whether the reference itself names a digest of the list.
  [[nodiscard]] bool names(const ImageReference& image) const {
    return image.digest() && list->contains(*image.digest());
  }
};

/// Who must have signed, for rules about signatures and about attestations alike.
struct SignerDemand {
  enum class Combine { AnyOf, AllOf, Threshold };
  Combine combine = Combine::AnyOf;
  std::size_t threshold = 1;                   ///< of distinct signers; for Threshold only
  std::shared_ptr<const TrustSettings> trust;  ///< distinct authorities
  std::optional<Repository> repository;        ///< where the signatures live, if elsewhere
  std::vector<std::string> warnings;           ///< about the authorities, for `lint`

  /// All but the warnings, which change no answer.
  [[nodiscard]] auto parts() const {
    const auto& [how, count, trusted, place, messages] = *this;
    static_cast<void>(messages);
    return std::tie(how, count, trusted, place);
  }
};

/// `signature: {anyOf | allOf | {threshold, of}, annotations, identity, repository}`
struct SignatureClaims {
  std::map<std::string, std::string> annotations;
  std::optional<ImageGlob> identity;  ///< of the docker-reference

  [[nodiscard]] auto parts() const {
    const auto& [wanted, reference] = *this;
    return std::tie(wanted, reference);
  }
};
struct SignatureCheck : SignerDemand, SignatureClaims {
  [[nodiscard]] auto parts() const { return std::tuple(SignerDemand::parts(), SignatureClaims::parts()); }
};
static_assert(sizeof(SignatureCheck) == sizeof(SignerDemand) + sizeof(SignatureClaims),
              "parts() names no member of SignatureCheck itself");

/// `attestation: {type, anyOf | allOf | {threshold, of}, where, provenance, repository}`. What the
/// predicate must say is part of the authorities of `trust`.
struct AttestationType {
  std::string type;            ///< as the policy writes it
  std::string predicate_type;  ///< the URI that it means

  [[nodiscard]] auto parts() const {
    const auto& [written, uri] = *this;
    static_cast<void>(written);
    return std::tie(uri);
  }
};
struct AttestationCheck : SignerDemand, AttestationType {
  [[nodiscard]] auto parts() const { return std::tuple(SignerDemand::parts(), AttestationType::parts()); }
};
static_assert(sizeof(AttestationCheck) == sizeof(SignerDemand) + sizeof(AttestationType),
              "parts() names no member of AttestationCheck itself");

/// `matchesProvenance: RULE`
struct ProvenanceBinding {
  std::string rule;
  std::variant<SignatureCheck, AttestationCheck> by;  ///< what that rule checks
};

enum class DigestOnly { Deny, Allow };
/// `commitFrom`: which evidence says that an image was built from a commit.
enum class CommitFrom { Provenance, Label };
/// Who keeps a tag from being moved. Registry: the registry's own setting.
enum class TagImmutable { NotRequired, Registry };
/// `tag: {format: commitId, minLength, pattern, digestOnly, immutable, matchesProvenance, commitFrom}`. With
/// tag and digest, the registry must resolve the tag to that digest.
struct TagCheck {
  bool commit_id = false;                   ///< `format: commitId`: 7 to 64 lower-case hex digits
  std::size_t min_length = 7;               ///< 7 to 64
  std::shared_ptr<const re2::RE2> pattern;  ///< anchored; null: none
  std::string pattern_text;
  std::shared_ptr<const ProvenanceBinding> provenance;  ///< null: no rule has verified the commit
  DigestOnly digest_only = DigestOnly::Deny;
  CommitFrom commit_from = CommitFrom::Provenance;  ///< Label: `provenance` is null
  TagImmutable immutable = TagImmutable::NotRequired;
};

/// `digest: required`
struct DigestCheck {};

/// `baseImage: {digests: [DIGEST…], from: label}`
struct BaseImageCheck {
  std::vector<Digest> digests;  ///< at least one
};

/// `imageConfig: {user: nonRoot, secrets: deny, healthcheck: required, addFromUrl: deny}`
struct ImageConfigCheck {
  bool non_root = false;
  bool no_secrets = false;
  bool healthcheck = false;
  bool no_add_from_url = false;
};

/// `age: {maxSinceBuild: DURATION}`
struct AgeCheck {
  std::chrono::seconds since_build{};
  std::string since_build_text;  ///< as the policy writes it
};

/// Whether a vulnerability that its source did not rate counts by its severity and score.
enum class Unrated { Counts, Passes };
/// Whether what is accepted at the source (suppressed, resolved) does not count.
enum class Suppressions { Ignored, Honored };

/// Which vulnerabilities count: one of `failAt` and `minScore` says so, and none of the rest excludes it.
struct VulnerabilityCriteria {
  std::optional<Severity> fail_at;  ///< this severity or above
  std::optional<double> min_score;  ///< this CVSS base score or above
  Unrated unrated = Unrated::Counts;
  bool fixable_only = false;  ///< not those that have no fix
  bool exploitable = false;   ///< not those that have no exploit
  Suppressions suppressions = Suppressions::Ignored;
  std::optional<std::chrono::milliseconds> grace;         ///< since the source first observed it
  std::optional<std::chrono::milliseconds> max_scan_age;  ///< of the scan

  [[nodiscard]] auto parts() const {
    const auto& [severity, score, unknown, fixable, exploit, accepted, period, age] = *this;
    constexpr auto ticks = [](const auto& duration) { return duration ? duration->count() : -1; };
    return std::tuple(severity, score, unknown, fixable, exploit, accepted, ticks(period), ticks(age));
  }
};

/// `{attestation: RULE}`: the reports in the vulnerability attestations that this rule accepts.
struct AttestedScans {
  std::string rule;
  AttestationCheck by;  ///< its authorities read the report in the predicate; sufficient as sufficiency_of()

  [[nodiscard]] auto parts() const {
    const auto& [name, check] = *this;
    static_cast<void>(name);
    return std::tie(check);
  }
};

/// `vulnerabilities: {failAt, minScore, …, sources, require}`
struct VulnerabilitiesCheck {
  /// How many of the sources must have answered.
  enum class Require { All, Any };
  VulnerabilityCriteria criteria;
  Require require = Require::All;
  std::vector<AttestedScans> sources;  ///< with `services`, at least one
  std::vector<ScanSource> services;    ///< of AWS, each once
};

/// `deployers: {kubernetes: …, ecs: …}`
struct DeployersCheck {
  struct Kubernetes {
    std::vector<std::string> service_accounts;  ///< NAMESPACE/NAME, a glob only in NAME
    std::vector<std::string> users;             ///< exact
    std::vector<std::string> groups;            ///< exact
  };
  enum class Manual { Deny, Allow };
  struct Ecs {
    std::vector<std::string> roles;     ///< ARNs of sessionIssuer; `*` stays within a path segment
    std::vector<std::string> services;  ///< exact: `states.amazonaws.com`
    std::vector<std::string> users;     ///< ARNs of IAM users that may call with access keys
    Manual manual = Manual::Deny;
  };
  std::optional<Kubernetes> kubernetes;
  std::optional<Ecs> ecs;
};

using Check =
    std::variant<AllowedRegistries, TagCheck, DigestCheck, SignatureCheck, DeployersCheck, AttestationCheck,
                 BaseImageCheck, DeniedCheck, ImageConfigCheck, AgeCheck, VulnerabilitiesCheck>;

/// Whether exemptions may name a rule with this check.
[[nodiscard]] inline bool may_be_lifted(const Check& check) {
  return !std::holds_alternative<DeniedCheck>(check);
}

/// Whether a check looks at images one by one, or at the request as a whole.
[[nodiscard]] inline bool is_about_request(const Check& check) {
  return std::holds_alternative<DeployersCheck>(check);
}

}  // namespace tegata::policy
