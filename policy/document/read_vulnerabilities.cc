// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "policy/document/diagnostics.h"
#include "policy/document/reading.h"
#include "policy/document/shape.h"
#include "policy/model/limits.h"
#include "policy/rules/rules.h"
#include "policy/rules/scanner_report.h"

namespace tegata::policy {
namespace {

bool is_true(const Node& node, std::string_view name) {
  const Node* written = node.find(name);
  return written != nullptr && truth_of(*written).value_or(false);
}

VulnerabilityCriteria read_criteria(const Reading& reading, const Node& node) {
  VulnerabilityCriteria criteria;
  if (const auto severity = severity_of(text_at(node, "failAt")); severity != Severity::Unknown)
    criteria.fail_at = severity;
  if (const Node* score = node.find("minScore")) criteria.min_score = real_number(*score);
  criteria.unrated = text_at(node, "unknownSeverity") == "allow" ? Unrated::Passes : Unrated::Counts;
  criteria.fixable_only = is_true(node, "fixableOnly");
  criteria.exploitable = is_true(node, "exploitable");
  criteria.suppressions = is_true(node, "honorSuppressions") ? Suppressions::Honored : Suppressions::Ignored;
  criteria.grace = duration_at(reading, node, "grace");
  criteria.max_scan_age = duration_at(reading, node, "maxScanAge");
  return criteria;
}

std::optional<ScanSource> service_of(const Node& source) {
  if (source.kind != Node::Kind::Scalar) return std::nullopt;
  for (const auto service : {ScanSource::Ecr, ScanSource::Inspector, ScanSource::SecurityHub})
    if (source.text == name_of(service)) return service;
  return std::nullopt;
}

std::vector<ScanSource> read_services(const Node& node) {
  std::vector<ScanSource> services;
  for (const auto& source : items_at(node, "sources")) {
    const auto service = service_of(source);
    if (service && std::find(services.begin(), services.end(), *service) == services.end())
      services.push_back(*service);
  }
  return services;
}

}  // namespace

VulnerabilitiesCheck read_vulnerabilities(const Reading& reading, const Node& node) {
  VulnerabilitiesCheck check;
  check.criteria = read_criteria(reading, node);
  check.require = text_at(node, "require") == "any" ? VulnerabilitiesCheck::Require::Any
                                                    : VulnerabilitiesCheck::Require::All;
  check.services = read_services(node);
  return check;
}

namespace {

/// The attestation rule that a source names; null, with an error, where it names no such rule.
Rule* attesting_rule(const Reading& reading, const std::vector<Node>& items, const Node& written,
                     std::vector<Rule>& rules) {
  const auto named =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.name == written.text; });
  if (named == rules.end()) {
    std::vector<std::string_view> names;
    for (const auto& item : items)
      if (const Node* name = item.find("name"); name != nullptr && name->kind == Node::Kind::Scalar)
        names.push_back(name->text);
    if (std::find(names.begin(), names.end(), written.text) == names.end())
      reading.wrong(written, "no rule named " + in_quotes(written.text) + " in this policy" +
                                 did_you_mean(written.text, names));
    return nullptr;
  }
  const auto* attestation = std::get_if<AttestationCheck>(&named->check);
  if (attestation != nullptr && attestation->predicate_type == kVulnerabilityPredicate) return &*named;
  reading.wrong(written, "rule " + in_quotes(written.text) +
                             " accepts no scans: expected a rule of the kind attestation with the type vuln, "
                             "since anyone with push rights could attest that an image is clean");
  return nullptr;
}

void bind_sources(const Reading& reading, const std::vector<Node>& items, const Node& node,
                  std::vector<Rule>& rules, VulnerabilitiesCheck& check) {
  for (const auto& source : items_at(node, "sources")) {
    const Node* written = source.find("attestation");
    if (written == nullptr || written->kind != Node::Kind::Scalar) continue;
    if (check.sources.size() + check.services.size() == limits::kScanSources) return;
    Rule* named = attesting_rule(reading, items, *written, rules);
    if (named == nullptr) continue;
    // Both rules then ask one question: what the named one verifies is read once.
    auto& attestation = std::get<AttestationCheck>(named->check);
    if (!reads_scans(attestation)) attestation = reading_scans(attestation);
    AttestedScans scans{named->name, attestation};
    scans.by.trust = TrustSettings::of(attestation.trust->authorities, sufficiency_of(check.criteria, scans));
    check.sources.push_back(std::move(scans));
  }
}

}  // namespace

void bind_scans(const Reading& reading, const std::vector<Node>& items, std::vector<Rule>& rules) {
  for (const auto& item : items) {
    const Node* node = item.find("vulnerabilities");
    if (node == nullptr) continue;
    const auto name = text_at(item, "name");
    for (auto& rule : rules)
      if (auto* check = std::get_if<VulnerabilitiesCheck>(&rule.check); check != nullptr && rule.name == name)
        bind_sources(reading, items, *node, rules, *check);
  }
}

}  // namespace tegata::policy
