// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/engine/every_message.h"

#include "policy/model/scan_facts.h"
#include "policy/model/tag_mutability.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy::sample {
namespace {

using tegata::testing::digest_of;
using tegata::testing::facts_of;
using tegata::testing::known_image;
using tegata::testing::SignatureForger;

const std::string kOurs = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/shop/api";

Finding only(const Verdict& verdict) { return verdict.findings.at(0); }

Finding of_rule(Check check, const std::string& image, const GatheredFacts& facts = {}) {
  return only(judge(set(rule("the-rule", std::move(check))), request({image}), facts, options()));
}

Finding of_error(ErrorCode code, const std::string& message) {
  const auto image = reference(kOurs + ":" + kCommit);
  return of_rule(signed_by({1}), image.as_written(),
                 {{known_image(image, {}, FactOf<TagKind>{Unknown{{code, message}}})}});
}

Finding of_signatures(const SignatureCheck& check, SignatureFacts facts) {
  const auto image = reference(kOurs + ":" + kCommit);
  return of_rule(check, image.as_written(),
                 {{known_image(image, std::move(facts), known_tag(digest_of(0x11)))}});
}

SignatureFacts with_rejection(RejectionReason reason, const std::string& detail) {
  return facts_of({{digest_of(1), {}, {{reason, detail, std::nullopt}}}, {digest_of(2), {}, {}}});
}

/// What a candidate that somebody else signed says about the authority of that number.
AuthorityFacts by_another(std::uint8_t key) {
  return {digest_of(key), {}, {{RejectionReason::OtherSigner, "not made with this key", std::nullopt}}};
}

VerifiedSignature signature_of(std::uint8_t key) {
  return SignatureForger::forge(digest_of(0x11), digest_of(key), {{"env", "dev"}});
}

Finding claim_mismatch() {
  auto check = signed_by({1});
  check.annotations = {{"env", "prod"}};
  return of_signatures(check, facts_of({{digest_of(1), {signature_of(1)}, {}}}));
}

Finding too_few() {
  return of_signatures(signed_by({1, 2}, SignatureCheck::Combine::AllOf),
                       facts_of({{digest_of(1), {signature_of(1)}, {}}, by_another(2)}));
}

Finding too_many() {
  auto facts = with_rejection(RejectionReason::OtherSigner, "not made with this key");
  facts.too_many = true;
  return of_signatures(signed_by({1}), std::move(facts));
}

/// By the authority of that number; what its predicate says is not as asked, where `mismatch` says so.
VerifiedSignature attestation_of(std::uint8_t key, std::optional<std::string> mismatch = std::nullopt) {
  return SignatureForger::forge_by({.image = digest_of(0x11),
                                    .authority = digest_of(key),
                                    .signer = digest_of(key).text(),
                                    .found_in = digest_of(0xfe),
                                    .predicate_type = kVulnerabilities,
                                    .predicate = {.mismatch = std::move(mismatch)}});
}

Finding of_attestations(const std::vector<std::uint8_t>& keys, SignatureFacts facts) {
  const auto image = reference(kOurs + ":" + kCommit);
  return of_rule(attested_by(keys), image.as_written(),
                 {{known_image(image, std::move(facts), known_tag(digest_of(0x11)))}});
}

Finding predicate_mismatch() {
  return of_attestations(
      {1}, facts_of({{digest_of(1),
                      {attestation_of(1, "scanner.result.critical: expected a number of at most 0, found 3")},
                      {}}}));
}

Finding commit_mismatch() {
  auto check = commit_id_tags();
  check.provenance =
      std::make_shared<const ProvenanceBinding>(ProvenanceBinding{"built-here", signed_by({1})});
  const auto image = reference(kOurs + ":" + kCommit);
  auto signature = SignatureForger::forge_by(
      {.image = digest_of(0x11),
       .authority = digest_of(1),
       .signer = digest_of(1).text(),
       .found_in = digest_of(0xfe),
       .identity = CertificateIdentity{"i", "s", {{"sourceRepositoryDigest", std::string(40, 'b')}}}});
  return of_rule(
      check, image.as_written(),
      {{known_image(image, facts_of({{digest_of(1), {signature}, {}}}), known_tag(digest_of(0x11)))}});
}

Finding of_labels(Check check, ImageLabels::Texts labels) {
  const auto image = reference(kOurs + ":" + kCommit);
  auto facts = known_image(image, {}, known_tag(digest_of(0x11)));
  ImageLabels said;
  said.labels = std::move(labels);
  facts.facts.add<LabelKind>({}, testing::known_fact<LabelKind>(std::move(said)));
  return of_rule(std::move(check), image.as_written(), {{facts}});
}

Finding commit_missing() {
  auto check = commit_id_tags();
  check.commit_from = CommitFrom::Label;
  return of_labels(std::move(check), {});
}

Finding tag_mismatch() {
  const auto image = reference(kOurs + ":" + kCommit + "@" + digest_of(0x11).text());
  return of_rule(commit_id_tags(), image.as_written(),
                 {{known_image(image, {}, known_tag(digest_of(0x22)))}});
}

Finding tag_movable() {
  TagCheck check;
  check.immutable = TagImmutable::Registry;
  const auto image = reference(kOurs + ":v1.2.3");
  auto facts = known_image(image, {}, known_tag(digest_of(0x11)));
  facts.facts.add<TagMutabilityKind>(
      {}, testing::known_fact<TagMutabilityKind>({TagMutability::Setting::Immutable, {"v*"}}));
  return of_rule(check, image.as_written(), {{facts}});
}

Finding not_found() {
  const auto image = reference(kOurs + ":" + kCommit);
  return of_rule(signed_by({1}), image.as_written(), {{known_image(image, {}, FactOf<TagKind>{Absent{}})}});
}

/// Of a report that is given by file.
Finding of_scan(ScanReport report) {
  VulnerabilitiesCheck check;
  check.criteria.fail_at = Severity::High;
  check.criteria.max_scan_age = std::chrono::hours{72};
  check.sources = {{"scanned-by-ci", attested_by({1})}};
  const auto image = reference(kOurs + ":" + kCommit);
  auto facts = known_image(image, {}, known_tag(digest_of(0x11)));
  facts.facts.add<ScanKind>({ScanSource::File}, testing::known_fact<ScanKind>(std::move(report)));
  return of_rule(check, image.as_written(), {{facts}});
}

Finding of_gap(Reason reason, const std::string& why) {
  ScanReport report;
  report.gap = {reason, why};
  return of_scan(std::move(report));
}

Finding too_severe() {
  ScanReport report;
  report.scanned_at = kNow;
  for (int i = 1; i <= 7; ++i)
    report.findings.push_back({.vulnerability = "CVE-2026-000" + std::to_string(i),
                               .package = "openssl",
                               .installed = "3.0.9-1",
                               .fixed = "3.0.9-2",
                               .fix = Availability::Yes,
                               .severity = i == 7 ? Severity::Critical : Severity::High,
                               .score = 7.5});
  return of_scan(std::move(report));
}

Finding scan_too_old() {
  ScanReport report;
  report.scanned_at = kNow - std::chrono::hours{73};
  return of_scan(std::move(report));
}

Finding scan_missing() {
  VulnerabilitiesCheck check;
  check.criteria.fail_at = Severity::High;
  check.sources = {{"scanned-by-ci", attested_by({1})}};
  const auto image = reference(kOurs + ":" + kCommit);
  return of_rule(check, image.as_written(),
                 {{known_image(image, facts_of({{digest_of(1), {}, {}}}), known_tag(digest_of(0x11)))}});
}

Finding not_covered() {
  auto how = options();
  how.unmatched = Unmatched::Deny;
  return only(judge(PolicySet{}, request({"nginx"}), {}, how));
}

Finding task_definition_unknown() {
  auto asked = ecs_request({});
  asked.images_unknown = Error{ErrorCode::NotFound, "no task definition shop-api:43 is at hand"};
  return only(judge(set(rule("the-rule", DigestCheck{})), asked, {}, options()));
}

Finding of_own_failure(Reason reason, const std::string& detail) {
  Verdict verdict;
  return only(with_own_failure(verdict, reason, detail, Mode::Enforce));
}

Finding of_config(Check check, const std::string& created = "2026-11-22T13:07:22Z") {
  const auto image = reference(kOurs + ":" + kCommit);
  auto facts = known_image(image, {}, known_tag(digest_of(0x11)));
  ImageLabels said;
  said.configs = {{"linux/amd64",
                   "0:0",
                   false,
                   {"variable DB_PASSWORD", "label com.example.token"},
                   {"https://example.com"},
                   created}};
  facts.facts.add<LabelKind>({}, testing::known_fact<LabelKind>(std::move(said)));
  return of_rule(std::move(check), image.as_written(), {{facts}});
}

}  // namespace

std::vector<Finding> every_finding() {
  return {
      of_rule(registries({"111122223333.dkr.ecr.*.amazonaws.com/**"}), "ghcr.io/acme/app:v1"),
      of_rule(DeniedCheck{std::make_shared<const DigestList>(DigestList{{digest_of(0x11)}}), "denied.txt"},
              kOurs + "@" + digest_of(0x11).text()),
      not_covered(),
      of_rule(commit_id_tags(), kOurs),
      of_rule(commit_id_tags(), kOurs + ":v1.2.3"),
      tag_mismatch(),
      tag_movable(),
      of_rule(DigestCheck{}, "nginx"),
      of_signatures(signed_by({1, 2}),
                    with_rejection(RejectionReason::OtherSigner, "not made with this key")),
      of_signatures(signed_by({1}), with_rejection(RejectionReason::PayloadMalformed, "no \"critical\"\n")),
      claim_mismatch(),
      too_few(),
      of_attestations({1}, with_rejection(RejectionReason::IdentityMismatch, "issuer is \"i\", not \"j\"")),
      of_attestations({1}, with_rejection(RejectionReason::PayloadMalformed, "no \"subject\"")),
      predicate_mismatch(),
      of_attestations({1, 2}, facts_of({{digest_of(1), {attestation_of(1)}, {}}, by_another(2)})),
      commit_mismatch(),
      of_labels(BaseImageCheck{{digest_of(0xaa)}},
                {{"org.opencontainers.image.base.digest", digest_of(0xbb).text()}}),
      of_config(ImageConfigCheck{true, false, false, false}),
      of_config(ImageConfigCheck{false, true, false, false}),
      of_config(ImageConfigCheck{false, false, false, true}),
      of_config(AgeCheck{std::chrono::hours(720), "720h"}, "2026-01-01T00:00:00Z"),
      too_many(),
      too_severe(),
      of_rule(deployers(), "nginx"),
      of_rule(DigestCheck{}, "gh\u0441r.io/acme/app:v1"),
      of_signatures(signed_by({1, 2}), facts_of({{digest_of(1), {}, {}}, {digest_of(2), {}, {}}})),
      of_attestations({1}, facts_of({{digest_of(1), {}, {}}})),
      commit_missing(),
      of_labels(BaseImageCheck{{digest_of(0xaa)}}, {}),
      of_config(ImageConfigCheck{false, false, true, false}),
      of_config(AgeCheck{std::chrono::hours(720), "720h"}, "1970-01-01T00:00:00Z"),
      not_found(),
      scan_missing(),
      of_gap(Reason::ScanUnsupported, "the operating system is not supported"),
      of_gap(Reason::ScanExpired, "the image was pushed too long ago to be scanned"),
      scan_too_old(),
      of_gap(Reason::ImageArchived, "the image is archived"),
      of_error(ErrorCode::DeadlineExceeded, "no answer within 5 s"),
      of_error(ErrorCode::Unauthorized, "HTTP 401"),
      of_error(ErrorCode::RateLimited, "HTTP 429"),
      of_error(ErrorCode::Unavailable, "connection refused"),
      of_error(ErrorCode::Malformed, "the bytes are not those that their digest names"),
      of_error(ErrorCode::NotRecorded, "nobody asked this at the time"),
      task_definition_unknown(),
      of_gap(Reason::ScanPending, "the image waits to be scanned"),
      of_gap(Reason::ScanFailed, "the scanner failed"),
      of_gap(Reason::ScanUnavailable, "the report's Results is not a list"),
      of_own_failure(Reason::AuditUnavailable, "no space left on device"),
      of_own_failure(Reason::InternalError, "read the side of a Result that is not there"),
  };
}

}  // namespace tegata::policy::sample
