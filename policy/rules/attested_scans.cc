// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/attested_scans.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/model/limits.h"
#include "policy/rules/scanner_report.h"
#include "policy/rules/signer_rules.h"

namespace tegata::policy {
namespace {

using Shared = std::shared_ptr<const ScanReport>;

/// The attestations by one authority with reports of one scanner.
struct Series {
  std::vector<const VerifiedSignature*> all;
  const VerifiedSignature* newest = nullptr;
};

const Shared& report_of(const VerifiedSignature& attestation) {
  return attestation.statement().predicate.scan;
}

/// `Trivy` of `Trivy 0.58.0`.
std::string_view scanner_name(const ScanReport& report) {
  return std::string_view(report.scanner).substr(0, report.scanner.find(' '));
}

std::vector<Series> series_of(const std::vector<const VerifiedSignature*>& attestations) {
  std::map<std::pair<std::string_view, std::string_view>, Series> found;
  for (const auto* attestation : attestations) {
    const auto& report = report_of(*attestation);
    if (report == nullptr) continue;
    auto& series = found[{attestation->authority().text, scanner_name(*report)}];
    series.all.push_back(attestation);
    if (series.newest == nullptr || report_of(*series.newest)->scanned_at < report->scanned_at)
      series.newest = attestation;
  }
  std::vector<Series> all;
  for (auto& [key, series] : found) all.push_back(std::move(series));
  return all;
}

/// The newest report, whose findings say when they were first in one of the series.
Shared with_first_observed(const Series& series, Time now) {
  std::map<std::pair<std::string_view, std::string_view>, Time> first;
  for (const auto* attestation : series.all) {
    const auto& report = *report_of(*attestation);
    if (report.gap || !report.scanned_at) continue;
    const auto at = std::min(*report.scanned_at, now);
    for (const auto& finding : report.findings) {
      const auto [known, is_new] = first.emplace(identity_of(finding), at);
      if (!is_new) known->second = std::min(known->second, at);
    }
  }
  auto report = std::make_shared<ScanReport>(*report_of(*series.newest));
  for (auto& finding : report->findings)
    if (const auto known = first.find(identity_of(finding)); known != first.end() && !finding.first_observed)
      finding.first_observed = known->second;
  return report;
}

/// When the newest report of each authority was made that could not be read; the end of time without a date.
/// It may be of any scanner, and supersede what that one reported before.
std::map<std::string_view, std::pair<Time, const ScanGap*>> newest_unreadable(
    const std::vector<Series>& all) {
  std::map<std::string_view, std::pair<Time, const ScanGap*>> found;
  for (const auto& series : all)
    for (const auto* attestation : series.all) {
      const auto& report = *report_of(*attestation);
      if (!report.gap) continue;
      const auto at = report.scanned_at.value_or(Time::max());
      const auto [known, is_new] =
          found.try_emplace(attestation->authority().text, std::pair(at, &*report.gap));
      if (!is_new && known->second.first < at) known->second = {at, &*report.gap};
    }
  return found;
}

/// Of several gaps, one that may be only for now; else the first.
const ScanGap& told_gap(const std::vector<ScanGap>& gaps) {
  const auto unknown = std::find_if(gaps.begin(), gaps.end(), [](const ScanGap& gap) {
    return finding_kind_of(gap.reason) == FindingKind::Unknown;
  });
  return unknown == gaps.end() ? gaps.front() : *unknown;
}

}  // namespace

std::variant<ScanReports, ScanGap> attested_reports(const AttestedScans& scans,
                                                    const VulnerabilityCriteria& criteria,
                                                    const Digest& image, const SignatureFacts& facts,
                                                    Time now) {
  const auto holds = [&](const VerifiedSignature& attestation) {
    return claims_hold(scans.by, attestation, now);
  };
  ScanReports reports;
  std::vector<ScanGap> gaps;
  std::set<const VerifiedSignature*> usable;
  const auto all = series_of(accepted_by(scans.by, holds, image, facts));
  const auto unreadable = newest_unreadable(all);
  for (const auto& series : all) {
    const auto& newest = report_of(*series.newest);
    const auto later = unreadable.find(series.newest->authority().text);
    if (!newest->gap && later != unreadable.end() && newest->scanned_at <= later->second.first) {
      gaps.push_back(*later->second.second);
      continue;
    }
    if (auto gap = gap_of(criteria, *newest, now)) {
      gaps.push_back(*std::move(gap));
      continue;
    }
    usable.insert(series.newest);
    reports.push_back(criteria.grace ? with_first_observed(series, now) : newest);
  }
  if (satisfied(
          scans.by, [&](const VerifiedSignature& attestation) { return usable.count(&attestation) != 0; },
          image, facts))
    return reports;
  if (!gaps.empty()) return told_gap(gaps);
  return ScanGap{Reason::ScanMissing, "no report of a scan that rule " + scans.rule + " accepts"};
}

const Rejection* maybe_newer(const AttestedScans& scans, const SignatureFacts& facts) {
  const auto& authorities = scans.by.trust->authorities;
  for (const auto& each : facts.authorities) {
    const bool of_rule = std::any_of(authorities.begin(), authorities.end(),
                                     [&](const auto& authority) { return authority.id == each.authority; });
    if (!of_rule) continue;
    for (const auto& rejection : each.rejected)
      if (rejection.reason == RejectionReason::TooLarge || rejection.reason == RejectionReason::ContentAbsent)
        return &rejection;
  }
  return nullptr;
}

namespace {

struct ReadsScan {
  SettingsFunction<PredicateReading(const Value&, Time)> before;

  [[nodiscard]] auto parts() const {
    const auto& [read] = *this;
    return std::tie(read);
  }
};

PredicateReading read_with_scan(const ReadsScan& settings, const Value& predicate, Time now) {
  auto reading = settings.before ? settings.before(predicate, now) : PredicateReading{};
  auto report = std::make_shared<ScanReport>(read_vulnerability_predicate(predicate));
  report->source = ScanSource::Attestation;
  reading.scan = std::move(report);
  return reading;
}

struct ScanSettings {
  VulnerabilityCriteria criteria;
  AttestedScans scans;

  [[nodiscard]] auto parts() const {
    const auto& [which, where] = *this;
    return std::tie(which, where);
  }
};

bool is_clean(const ScanSettings& settings, const Digest& image, const SignatureFacts& facts, Time now) {
  if (facts.too_many || facts.unknown || maybe_newer(settings.scans, facts) != nullptr) return false;
  const auto reports = attested_reports(settings.scans, settings.criteria, image, facts, now);
  const auto* known = std::get_if<ScanReports>(&reports);
  return known != nullptr && counted(settings.criteria, *known, {}, now).empty();
}

}  // namespace

bool reads_scans(const AttestationCheck& check) {
  const auto& authorities = check.trust->authorities;
  return !authorities.empty() && std::all_of(authorities.begin(), authorities.end(), [](const auto& each) {
    return each.attestation && each.attestation->reads_scan;
  });
}

AttestationCheck reading_scans(AttestationCheck check) {
  auto authorities = check.trust->authorities;
  for (auto& authority : authorities) {
    auto& demand = authority.attestation.value();
    demand.read = {ReadsScan{demand.read}, read_with_scan};
    demand.reads_scan = true;
    authority.id = AuthorityId::of(authority);
  }
  check.trust = TrustSettings::of(std::move(authorities));
  check.trust = TrustSettings::of(check.trust->authorities, sufficiency_of(check));
  return check;
}

Sufficiency sufficiency_of(const VulnerabilityCriteria& criteria, const AttestedScans& scans) {
  return {ScanSettings{criteria, scans},
          +[](const ScanSettings& asked, const Digest& image, const SignatureFacts& facts) {
            return is_clean(asked, image, facts, facts.verified_at) &&
                   is_clean(asked, image, facts, facts.verified_at + limits::kVerifiedLifetime);
          }};
}

}  // namespace tegata::policy
