// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/facts/find_aws_scan.h"
#include "verifier/evidence/facts/makers.h"
#include "verifier/evidence/facts/scan_json.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using SharedReport = std::shared_ptr<const ScanReport>;

FactOf<ScanKind> given_by_file(const GatherSettings& settings, const Digest& digest) {
  const auto found = settings.scan_reports.find(digest);
  if (found == settings.scan_reports.end()) return Absent{};
  return Known<SharedReport>{found->second};
}

}  // namespace

void ScanMaker::fetch(const FactKey<ScanKind>& key, const FetchContext& context, Done done) const {
  switch (key.question.source) {
    case ScanSource::File:
      return done(given_by_file(settings_, *key.subject.digest));
    case ScanSource::Ecr:
      if (settings_.aws == nullptr) return done(Unknown{{ErrorCode::Internal, "there is no client for AWS"}});
      return find_aws_scan(key.question.source, {context.source, *settings_.aws}, key.subject.repository,
                           *key.subject.digest, context.terms, std::move(done));
    case ScanSource::Attestation:
    case ScanSource::Inspector:
    case ScanSource::SecurityHub:
      break;
  }
  // Of attestations by SignatureMaker; the others are refused when a policy is read.
  done(Unknown{{ErrorCode::Internal,
                "scans of the source " + std::string(name_of(key.question.source)) + " are not made here"}});
}

std::optional<ScanMaker::Duration> ScanMaker::lifetime(const FactKey<ScanKind>& key,
                                                       const FactOf<ScanKind>& fact, FetchCost) const {
  const auto* known = std::get_if<Known<SharedReport>>(&fact);
  if (known == nullptr) return settings_.absent_lifetime;
  if (key.question.source == ScanSource::File) return settings_.verified_lifetime;
  return known->value->gap ? settings_.scan_pending_lifetime : settings_.scan_lifetime;
}

std::size_t ScanMaker::weight(const ScanReport& report) const { return weight_of(report); }

std::string ScanMaker::write(const ScanReport& report, const Evidence&) const {
  return compact(scan_report_json(report));
}

Result<Readback<ScanKind>> ScanMaker::read(const nlohmann::json& known) const {
  TEGATA_TRY(auto report, read_scan_report(known));
  return Readback<ScanKind>(std::make_shared<const ScanReport>(std::move(report)));
}

std::string ScanMaker::write_question(const ScanKind::Question& question) const {
  return "\"source\":" + compact(nlohmann::json(name_of(question.source)));
}

bool ScanMaker::is_about(const nlohmann::json& recorded, const ScanKind::Question& question) const {
  const auto source = string_member(recorded, "source");
  return source.ok() && *source && **source == name_of(question.source);
}

}  // namespace tegata::verifier
