// SPDX-License-Identifier: Apache-2.0
#include "policy/model/scan_report.h"

#include "policy/model/ascii.h"

namespace tegata {

std::string_view name_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::Unknown:
      return "UNKNOWN";
    case Severity::Informational:
      return "INFORMATIONAL";
    case Severity::Low:
      return "LOW";
    case Severity::Medium:
      return "MEDIUM";
    case Severity::High:
      return "HIGH";
    case Severity::Critical:
      return "CRITICAL";
  }
  return "UNKNOWN";
}

namespace {

bool same_word(std::string_view word, std::string_view upper) {
  return ascii_lower(word) == ascii_lower(upper);
}

}  // namespace

Severity severity_of(std::string_view word) noexcept {
  for (const auto severity :
       {Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical})
    if (same_word(word, name_of(severity))) return severity;
  return same_word(word, "NEGLIGIBLE") ? Severity::Informational : Severity::Unknown;
}

std::string_view name_of(Availability availability) noexcept {
  switch (availability) {
    case Availability::No:
      return "no";
    case Availability::Unknown:
      return "unknown";
    case Availability::Yes:
      return "yes";
  }
  return "unknown";
}

std::string_view name_of(ScanSource source) noexcept {
  switch (source) {
    case ScanSource::Attestation:
      return "attestation";
    case ScanSource::Ecr:
      return "ecr";
    case ScanSource::Inspector:
      return "inspector";
    case ScanSource::SecurityHub:
      return "securityHub";
    case ScanSource::File:
      return "file";
  }
  return "file";
}

std::string_view name_of(Scanning scanning) noexcept {
  switch (scanning) {
    case Scanning::Once:
      return "once";
    case Scanning::Continuous:
      return "continuous";
  }
  return "once";
}

std::size_t weight_of(const ScanReport& report) noexcept {
  auto bytes = sizeof report + report.scanner.capacity();
  if (report.gap) bytes += report.gap->why.capacity();
  for (const auto& finding : report.findings) {
    bytes += sizeof finding;
    for (const auto* text : {&finding.vulnerability, &finding.package, &finding.installed, &finding.fixed,
                             &finding.suppressed_by})
      bytes += text->capacity();
    for (const auto& alias : finding.aliases) bytes += sizeof alias + alias.capacity();
  }
  return bytes;
}

}  // namespace tegata
