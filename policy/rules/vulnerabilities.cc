// SPDX-License-Identifier: Apache-2.0
// `vulnerabilities`: what the scans of an image may show.
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/model/scan_facts.h"
#include "policy/rules/attested_scans.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/rules.h"
#include "policy/rules/signer_rules.h"

namespace tegata::policy {
namespace {

/// What one source says: the reports that count, and why it has not answered, or not wholly.
struct SourceAnswer {
  ScanReports reports = {};
  std::optional<RawFinding> gap = {};
};

constexpr std::string_view kScanOwner = "ask the owner of the pipeline that scans the image to ";

/// How a new report gets to the rule: attested, or given by file.
std::string delivery(const AttestedScans* scans, const std::string& image) {
  if (scans == nullptr) return "give the new report";
  return "attest the report as rule " + scans->rule +
         " requires it: " + cosign_command(scans->by, "attest --type vuln --predicate FILE", image);
}

/// How the scan of a service gets to the rule.
std::string scan_by(ScanSource service) {
  switch (service) {
    case ScanSource::Ecr:
      return "ask the owner of the repository to have Amazon ECR scan it (scan on push, or `aws ecr "
             "start-image-scan`)";
    case ScanSource::Inspector:
      return std::string(kPlatformTeam) + "have Amazon Inspector scan its repository (enhanced scanning)";
    case ScanSource::SecurityHub:
      return std::string(kPlatformTeam) + "have Amazon Inspector send its findings to AWS Security Hub";
    case ScanSource::Attestation:
    case ScanSource::File:
      break;
  }
  return std::string(kReportIt);
}

std::string remedy_of_service(const ScanGap& gap, ScanSource service) {
  if (gap.reason == Reason::ImageNotFound) return "check that the push has finished, or push the image again";
  if (gap.reason == Reason::ScanPending) return "deploy again when the scan has finished";
  if (gap.reason == Reason::ImageArchived)
    return std::string(kPipelineOwner) + "restore the image, or push it again";
  if (gap.reason == Reason::ScanExpired)
    return std::string(kPipelineOwner) + "push the image again, so that it is scanned again";
  if (gap.reason == Reason::ScanUnsupported)
    return std::string(kPipelineOwner) + "build the image on a base that the scanner supports";
  if (gap.reason == Reason::ScanUnavailable)
    return "deploy again in a minute; if this keeps happening, " + scan_by(service);
  return scan_by(service);
}

/// `scans` is null where the report was given by file.
std::string remedy_of_gap(const ScanGap& gap, const AttestedScans* scans, const std::string& image) {
  const std::string owner(kScanOwner);
  switch (finding_kind_of(gap.reason)) {
    case FindingKind::Missing:
      if (gap.reason == Reason::ScanUnsupported)
        return std::string(kPipelineOwner) + "build the image on a base that the scanner supports";
      if (gap.reason == Reason::ImageArchived)
        return std::string(kPipelineOwner) + "restore the image, or push it again";
      if (gap.reason == Reason::ScanExpired)
        return std::string(kPipelineOwner) + "push the image again, so that it is scanned again";
      if (gap.reason == Reason::ScanTooOld)
        return owner + "scan it again, on a schedule if it runs for long, and " + delivery(scans, image);
      return owner + "scan it, and " + delivery(scans, image);
    case FindingKind::Unknown:
      if (gap.reason == Reason::ScanPending) return "deploy again when the scan has finished";
      if (gap.reason == Reason::ScanFailed) return owner + "scan the image again, and to see why it failed";
      return owner + "make a report that can be read (the JSON of Trivy or of Grype), and " +
             delivery(scans, image);
    case FindingKind::Violates:
      break;
  }
  return std::string(kReportIt);
}

/// Never softened: who deploys at once after the push, or attests what cannot be read, must not choose the
/// answer. Requests that failed are told by could_not_check().
RawFinding gap_finding(const ScanGap& gap, const std::string& expected, const AttestedScans* scans,
                       const std::string& image) {
  return {.reason = gap.reason,
          .expected = expected,
          .found = sentence(gap.why, 300),
          .remedy = remedy_of_gap(gap, scans, image),
          .never_softened = finding_kind_of(gap.reason) == FindingKind::Unknown};
}

/// What the source's own rule says against its attestations. What that could not check could not be checked
/// here; what it refuses is no scan. Candidates that hide others are a violation here, too.
RawFinding refused_by_rule(RawFinding finding, const std::string& expected, const AttestedScans& scans,
                           const std::string& image) {
  if (finding_kind_of(finding.reason) == FindingKind::Unknown || finding.reason == Reason::ImageNotFound ||
      finding.reason == Reason::TooManyCandidates)
    return finding;
  return gap_finding({Reason::ScanMissing, "rule " + scans.rule + " accepts none: " + finding.found},
                     expected, &scans, image);
}

/// Why there may be a newer report that was not seen: unlike a signature, a scan counts only if it is the
/// newest.
std::optional<RawFinding> unseen(const AttestedScans& scans, const SignatureFacts& facts,
                                 const std::string& expected, const ImageReference& image) {
  const auto& repository = signature_repository(scans.by, image);
  if (facts.too_many)
    return RawFinding{Reason::TooManyCandidates, expected,
                      "more attestation candidates than are looked at, so that the newest scan is not known",
                      "ask the owner of " + repository.text() +
                          " to delete attestations and referrers of this digest until few are left"};
  if (facts.unknown) return could_not_check(*facts.unknown, expected, repository);
  const auto* rejection = maybe_newer(scans, facts);
  if (rejection == nullptr) return std::nullopt;
  return RawFinding{
      .reason = Reason::ScanUnavailable,
      .expected = expected,
      .found = sentence("an attestation that may be the newest scan cannot be read: " + rejection->detail +
                            (rejection->candidate ? " (" + rejection->candidate->text() + ")" : ""),
                        300),
      .remedy = std::string(kScanOwner) + "attest smaller reports, and to remove this one from " +
                repository.text(),
      .never_softened = true};
}

SourceAnswer source_answer(const AttestedScans& scans, const VulnerabilitiesCheck& check,
                           const std::string& expected, const ImageEvidence& image) {
  auto available = available_facts(scans.by, expected, image);
  if (auto* finding = std::get_if<RawFinding>(&available)) return {{}, std::move(*finding)};
  const auto& [digest, facts] = std::get<AvailableFacts>(available);
  const auto pinned = image.reference.repository().text() + "@" + digest.text();
  if (auto findings = judge(scans.by, image); !findings.empty()) {
    if (auto hidden = unseen(scans, facts, expected, image.reference)) return {{}, std::move(hidden)};
    return {{}, refused_by_rule(std::move(findings.front()), expected, scans, pinned)};
  }
  auto reports = attested_reports(scans, check.criteria, digest, facts, image.now);
  if (const auto* gap = std::get_if<ScanGap>(&reports))
    return {{}, gap_finding(*gap, expected, &scans, pinned)};
  return {std::get<ScanReports>(std::move(reports)), unseen(scans, facts, expected, image.reference)};
}

/// Nothing that is not an answer of the service is softened, except a request that failed.
SourceAnswer service_answer(ScanSource service, const VulnerabilitiesCheck& check,
                            const std::string& expected, const ImageEvidence& image) {
  if (auto digest = digest_of(image, expected); auto* finding = std::get_if<RawFinding>(&digest))
    return {{}, std::move(*finding)};
  const auto& repository = image.reference.repository();
  const auto* fact =
      image.facts == nullptr ? nullptr : image.facts->facts.find_if<ScanKind>([&](const auto& question) {
        return question.source == service;
      });
  auto known = known_value<ScanKind>(fact, expected, "the registry has no such image", repository);
  if (auto* finding = std::get_if<RawFinding>(&known)) {
    if (finding->reason == Reason::RegistryUnauthorized)
      finding->remedy = std::string(kPlatformTeam) + "give Tegata the rights of deploy/aws/iam/ for " +
                        repository.text() + " (docs/aws.md)";
    return {{}, std::move(*finding)};
  }
  const auto& report = *std::get<const ScanReport*>(known);
  if (const auto gap = gap_of(check.criteria, report, image.now))
    return {{},
            RawFinding{.reason = gap->reason,
                       .expected = expected,
                       .found = sentence(std::string(name_of(service)) + ": " + gap->why, 300),
                       .remedy = remedy_of_service(*gap, service),
                       .never_softened = finding_kind_of(gap->reason) == FindingKind::Unknown}};
  return {{std::get<Known<std::shared_ptr<const ScanReport>>>(*fact).value}, std::nullopt};
}

/// The report given by file for this image, in place of the policy's sources; none where none was given.
std::optional<SourceAnswer> given_report(const VulnerabilitiesCheck& check, const std::string& expected,
                                         const ImageEvidence& image) {
  if (image.facts == nullptr) return std::nullopt;
  const auto* fact = image.facts->facts.find_if<ScanKind>(
      [](const auto& question) { return question.source == ScanSource::File; });
  if (fact == nullptr) return std::nullopt;
  const auto* known = std::get_if<Known<std::shared_ptr<const ScanReport>>>(fact);
  if (known == nullptr || known->value == nullptr) return std::nullopt;
  if (const auto gap = gap_of(check.criteria, *known->value, image.now))
    return SourceAnswer{{}, gap_finding(*gap, expected, nullptr, {})};
  return SourceAnswer{{known->value}, std::nullopt};
}

/// What all sources together say.
struct ScanAnswers {
  ScanReports reports;
  RawFindings gaps;
  bool answered = false;  ///< by at least one
};

ScanAnswers scan_answers(const VulnerabilitiesCheck& check, const std::string& expected,
                         const ImageEvidence& image) {
  std::vector<SourceAnswer> answers;
  if (auto given = given_report(check, expected, image)) {
    answers.push_back(*std::move(given));
  } else {
    for (const auto& source : check.sources) answers.push_back(source_answer(source, check, expected, image));
    for (const auto service : check.services)
      answers.push_back(service_answer(service, check, expected, image));
  }
  ScanAnswers all;
  for (auto& [reports, gap] : answers) {
    all.answered |= !gap;
    if (gap) all.gaps.push_back(*std::move(gap));
    all.reports.insert(all.reports.end(), reports.begin(), reports.end());
  }
  return all;
}

/// Of the sources that have not answered, those that had to: all of them; or, where one is enough and none
/// has, the one that may have an answer later, as with `anyOf`.
RawFindings required_gaps(const VulnerabilitiesCheck& check, ScanAnswers answers) {
  if (check.require == VulnerabilitiesCheck::Require::All) return std::move(answers.gaps);
  if (answers.answered || answers.gaps.empty()) return {};
  const auto unknown = std::find_if(answers.gaps.begin(), answers.gaps.end(), [](const RawFinding& gap) {
    return finding_kind_of(gap.reason) == FindingKind::Unknown;
  });
  return {std::move(unknown == answers.gaps.end() ? answers.gaps.front() : *unknown)};
}

std::string remedy_of_vulnerabilities(const VulnerabilitiesCheck& check,
                                      const std::vector<ScanFinding>& found) {
  const bool fixable = std::any_of(
      found.begin(), found.end(), [](const ScanFinding& finding) { return finding.fix != Availability::No; });
  const std::string again = check.sources.empty() ? "then push it to be scanned again, or "
                            : fixable             ? "then scan and attest it again, or "
                                                  : "then scan and attest the image again, or ";
  return std::string(kPipelineOwner) +
         (fixable ? "rebuild the image with the fixed versions, " : "replace these packages, ") + again +
         std::string(kPlatformTeam) + "accept single ones in `exemptions` with an owner and an end";
}

}  // namespace

void ask(const VulnerabilitiesCheck& check, ImageQuestions& image) {
  for (const auto& source : check.sources) ask_signatures(source.by, image);
  for (const auto service : check.services) image.ask<ScanKind>({service});
}

RawFindings judge(const VulnerabilitiesCheck& check, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return {};
  const auto expected = expected_scan(check.criteria);
  auto answers = scan_answers(check, expected, image);
  const auto found = counted(check.criteria, answers.reports, image.exemptions, image.now);
  auto findings = required_gaps(check, std::move(answers));
  if (!found.empty())
    findings.insert(findings.begin(), {Reason::VulnerabilityTooSevere, expected, found_vulnerabilities(found),
                                       remedy_of_vulnerabilities(check, found)});
  return findings;
}

std::vector<bool> overlooks(const Check& check, const ImageEvidence& image,
                            std::span<const ScopedExemption> exemptions) {
  std::vector<bool> overlooked(exemptions.size(), false);
  const auto* vulnerabilities = std::get_if<VulnerabilitiesCheck>(&check);
  if (exemptions.empty() || vulnerabilities == nullptr || image.lookup == Lookup::Refused) return overlooked;
  const auto answers = scan_answers(*vulnerabilities, {}, image);
  const auto found = counted(vulnerabilities->criteria, answers.reports, {}, image.now);
  for (std::size_t i = 0; i < exemptions.size(); ++i)
    overlooked[i] = std::any_of(found.begin(), found.end(),
                                [&](const ScanFinding& finding) { return names(exemptions[i], finding); });
  return overlooked;
}

}  // namespace tegata::policy
