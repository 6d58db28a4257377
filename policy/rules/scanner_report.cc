// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/scanner_report.h"

#include <algorithm>

#include "policy/model/limits.h"
#include "policy/model/rfc3339.h"
#include "policy/rules/scanner_members.h"

namespace tegata::policy {
namespace {

Error not_as_written(const char* name, const char* expected) {
  return Error::malformed("the report's " + std::string(name) + " is not " + expected);
}

Error too_many(const char* what, std::size_t most) {
  return {ErrorCode::LimitExceeded, "the report has more than " + std::to_string(most) + " " + what};
}

}  // namespace

const Value* scanner_member(const Value& object, const char* name) {
  const auto* members = std::get_if<Value::Object>(&object.of);
  if (members == nullptr) return nullptr;
  const auto found = members->find(name);
  if (found == members->end() || std::holds_alternative<std::nullptr_t>(found->second.of)) return nullptr;
  return &found->second;
}

Result<std::string> scanner_text(const Value& object, const char* name) {
  const auto* value = scanner_member(object, name);
  if (value == nullptr) return std::string();
  const auto* text = std::get_if<std::string>(&value->of);
  if (text == nullptr) return not_as_written(name, "a text");
  if (text->size() > limits::kScanText)
    return Error{ErrorCode::LimitExceeded, "a text of the report has more than " +
                                               std::to_string(limits::kScanText) + " bytes: " + name};
  return *text;
}

Result<const Value::Array*> scanner_list(const Value& object, const char* name) {
  static const Value::Array kEmpty;
  const auto* value = scanner_member(object, name);
  if (value == nullptr) return &kEmpty;
  if (const auto* list = std::get_if<Value::Array>(&value->of)) return list;
  return not_as_written(name, "a list");
}

Result<std::optional<double>> scanner_number(const Value& object, const char* name, double most) {
  const auto* value = scanner_member(object, name);
  if (value == nullptr) return std::optional<double>();
  double number = -1;
  if (const auto* whole = std::get_if<std::int64_t>(&value->of)) number = static_cast<double>(*whole);
  if (const auto* fraction = std::get_if<double>(&value->of)) number = *fraction;
  if (!(number >= 0 && number <= most)) return not_as_written(name, "a number in its range");
  return std::optional(number);
}

Result<std::optional<Time>> scanner_time(const Value& object, const char* name) {
  TEGATA_TRY(const auto text, scanner_text(object, name));
  if (text.empty()) return std::optional<Time>();
  const auto time = read_rfc3339(text, TimeForm::Lenient);
  if (!time) return not_as_written(name, "a time of RFC 3339");
  return time;
}

Status must_be_object(const Value& value, const char* what) {
  if (std::holds_alternative<Value::Object>(value.of)) return done();
  return not_as_written(what, "an object");
}

void add_digest(std::vector<Digest>& digests, const std::string& text) {
  const auto at = text.rfind('@');
  const auto digest = Digest::parse(at == std::string::npos ? text : text.substr(at + 1));
  if (digest.ok() && std::find(digests.begin(), digests.end(), *digest) == digests.end())
    digests.push_back(*digest);
}

Status add_alias(ScanFinding& finding, std::string id) {
  if (id.empty() || id == finding.vulnerability) return done();
  if (std::find(finding.aliases.begin(), finding.aliases.end(), id) != finding.aliases.end()) return done();
  if (finding.aliases.size() == limits::kScanAliases)
    return too_many("other ids of one vulnerability", limits::kScanAliases);
  finding.aliases.push_back(std::move(id));
  return done();
}

Status add_finding(ScanReport& report, ScanFinding finding) {
  if (finding.vulnerability.empty()) return Error::malformed("a vulnerability of the report has no id");
  if (report.findings.size() == limits::kScanFindings)
    return too_many("vulnerabilities", limits::kScanFindings);
  report.findings.push_back(std::move(finding));
  return done();
}

Result<ScannerReport> read_scanner_report(const Value& document) {
  if (scanner_member(document, "SchemaVersion") != nullptr || scanner_member(document, "Results") != nullptr)
    return read_trivy(document);
  if (scanner_member(document, "matches") != nullptr) return read_grype(document);
  return Error::malformed("neither a JSON report of Trivy (SchemaVersion 2) nor one of Grype (matches)");
}

namespace {

ScanReport unreadable(ScanReport report, const std::string& why) {
  report.gap = {Reason::ScanUnavailable, why};
  return report;
}

}  // namespace

ScanReport read_vulnerability_predicate(const Value& predicate) {
  ScanReport report;
  const auto* metadata = scanner_member(predicate, "metadata");
  if (metadata == nullptr) return unreadable(report, "the predicate has no metadata");
  const auto finished = scanner_time(*metadata, "scanFinishedOn");
  if (!finished.ok()) return unreadable(report, finished.error().message);
  report.scanned_at = *finished;
  if (!report.scanned_at) return unreadable(report, "the predicate has no metadata.scanFinishedOn");
  const auto* scanner = scanner_member(predicate, "scanner");
  const auto* result = scanner == nullptr ? nullptr : scanner_member(*scanner, "result");
  if (result == nullptr) return unreadable(report, "the predicate has no scanner.result");
  auto read = read_scanner_report(*result);
  if (!read.ok()) return unreadable(report, read.error().message);
  // The signed predicate says when the scan ended, whatever the report in it says.
  read->report.scanned_at = report.scanned_at;
  return std::move(read->report);
}

}  // namespace tegata::policy
