// SPDX-License-Identifier: Apache-2.0
// Members of a scanner's JSON, for the readers of reports only.
#pragma once

#include <optional>
#include <string>

#include "policy/rules/scanner_report.h"

namespace tegata::policy {

/// The member; null where it is absent, or null, or `object` is no object.
[[nodiscard]] const Value* scanner_member(const Value& object, const char* name);
/// The text, empty where there is none. Malformed: not a text. LimitExceeded: above limits::kScanText.
[[nodiscard]] Result<std::string> scanner_text(const Value& object, const char* name);
/// The list, empty where there is none. Malformed: not a list.
[[nodiscard]] Result<const Value::Array*> scanner_list(const Value& object, const char* name);
/// The number; none where there is none. Malformed: not a number from 0 to `most`.
[[nodiscard]] Result<std::optional<double>> scanner_number(const Value& object, const char* name,
                                                           double most);
/// The time of RFC 3339; none where there is none. Malformed: another text.
[[nodiscard]] Result<std::optional<Time>> scanner_time(const Value& object, const char* name);

/// Malformed where `value` is not an object; `what` names it.
[[nodiscard]] Status must_be_object(const Value& value, const char* what);
/// Adds the digest of `HOST/PATH@sha256:…`, or of `sha256:…`; other texts say nothing.
void add_digest(std::vector<Digest>& digests, const std::string& text);
/// Adds another id of the same vulnerability. LimitExceeded.
[[nodiscard]] Status add_alias(ScanFinding& finding, std::string id);
/// Adds a finding. Malformed: it names no vulnerability. LimitExceeded.
[[nodiscard]] Status add_finding(ScanReport& report, ScanFinding finding);

[[nodiscard]] Result<ScannerReport> read_trivy(const Value& document);
[[nodiscard]] Result<ScannerReport> read_grype(const Value& document);

}  // namespace tegata::policy
