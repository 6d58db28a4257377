// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/reason.h"

namespace tegata {

/// How bad a vulnerability is, in ascending order. Unknown: its source did not rate it (UNDEFINED, UNKNOWN,
/// UNTRIAGED), or in a word that is not one of these.
enum class Severity { Unknown, Informational, Low, Medium, High, Critical };

/// `UNKNOWN`, `INFORMATIONAL`, `LOW`, `MEDIUM`, `HIGH`, `CRITICAL`.
[[nodiscard]] std::string_view name_of(Severity severity) noexcept;
/// The severity that a scanner means, in upper or lower case; `NEGLIGIBLE` (Grype) is Informational.
[[nodiscard]] Severity severity_of(std::string_view word) noexcept;

/// Whether there is a fix, or an exploit. Unknown: the source does not say. In ascending order of what must
/// be assumed where sources differ.
enum class Availability { No, Unknown, Yes };
/// `no`, `unknown`, `yes`.
[[nodiscard]] std::string_view name_of(Availability availability) noexcept;

/// Where a report is from.
enum class ScanSource { Attestation, Ecr, Inspector, SecurityHub, File };
/// `attestation`, `ecr`, `inspector`, `securityHub`, `file`.
[[nodiscard]] std::string_view name_of(ScanSource source) noexcept;

/// One vulnerability of one package of an image. All texts are from outside, so untrusted.
struct ScanFinding {
  std::string vulnerability;              ///< `CVE-2026-1234`, or the id of another list (`GHSA-…`)
  std::vector<std::string> aliases = {};  ///< other ids of the same vulnerability
  std::string package = {};
  std::string installed = {};  ///< its version
  std::string fixed = {};      ///< the versions that have the fix; empty: none is known
  Availability fix = Availability::Unknown;
  Severity severity = Severity::Unknown;
  std::optional<double> score = {};  ///< CVSS base score, 0 to 10
  std::optional<double> epss = {};   ///< probability that it is exploited within 30 days, 0 to 1
  Availability exploit = Availability::Unknown;
  std::optional<Time> first_observed = {};  ///< by the source
  std::string suppressed_by = {};           ///< who has accepted it at the source; empty: no one
  friend bool operator==(const ScanFinding&, const ScanFinding&) = default;
};

/// Continuous: the source keeps its findings current for as long as it scans the image, so that their age is
/// not that of the scan.
enum class Scanning { Once, Continuous };
/// `once`, `continuous`.
[[nodiscard]] std::string_view name_of(Scanning scanning) noexcept;

/// Why a source says nothing that counts. The kind of the reason is missing (there is no scan) or unknown
/// (there may be one).
struct ScanGap {
  Reason reason;
  std::string why;  ///< for people; may quote the source, so untrusted
  friend bool operator==(const ScanGap&, const ScanGap&) = default;
};

/// What one scan of one image found. Known where there is no `gap`; then `findings` is all that was found.
struct ScanReport {
  ScanSource source = ScanSource::Attestation;
  std::string scanner = {};  ///< `Trivy 0.58.0`; empty: not known
  std::optional<Time> scanned_at = {};
  Scanning scanning = Scanning::Once;
  std::vector<ScanFinding> findings = {};
  std::optional<ScanGap> gap = {};
  friend bool operator==(const ScanReport&, const ScanReport&) = default;
};

/// Approximate memory in bytes.
[[nodiscard]] std::size_t weight_of(const ScanReport& report) noexcept;

}  // namespace tegata
