// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_reader.h"

#include <string_view>
#include <utility>

#include "webhook/audit/member_reader.h"

namespace tegata::webhook {
namespace {

/// A line of `serve`'s own log: it is among the records if a container's stdout and stderr are merged.
bool is_log_line(simdjson::dom::element form) {
  const MemberReader reader(form, "the line");
  return reader.has("level") && reader.has("message") && !reader.has("kind");
}

/// Whether the line begins as our records do, and no other line of ours: it need not be parsed here.
bool begins_as_record(std::string_view line) {
  constexpr std::string_view kBegin = R"({"apiVersion":"tegata.dev/v1alpha1",")";
  if (!line.starts_with(kBegin)) return false;
  line.remove_prefix(kBegin.size());
  return line.starts_with(R"(client":)") || line.starts_with(R"(facts":[)");
}

std::string name_of_line(std::uint64_t number) { return "line " + std::to_string(number); }

}  // namespace

Result<RecordedDecision> record_of(const RecordLine& line) {
  auto record = record_from_line(line.text);
  if (!record.ok()) return record.error().in(name_of_line(line.number));
  return record;
}

Result<AuditReader> AuditReader::open(const std::string& path, RecordedContents& contents) {
  TEGATA_TRY(auto lines, path == "-" ? LineReader::standard_input() : LineReader::open(path));
  return AuditReader(std::move(lines), contents);
}

std::optional<Result<RecordLine>> AuditReader::next() {
  while (auto line = lines_->next()) {
    const auto number = lines_->number();
    if (!line->ok()) return line->error().in(name_of_line(number));
    const auto is = begins_as_record((*line)->text) ? Result<Is>(Is::Record) : read(**line);
    if (!is.ok()) return is.error().in(name_of_line(number));
    switch (*is) {
      case Is::Record:
        return RecordLine{std::move((*line)->text), number};
      case Is::Other:
        break;
    }
  }
  return std::nullopt;
}

Result<AuditReader::Is> AuditReader::read(const LineReader::Line& line) {
  static thread_local StrictDocument document;
  TEGATA_TRY(const auto form, document.parse(line.text));
  if (is_log_line(form)) return Is::Other;
  MemberReader reader(form, "the line");
  const auto version = reader.text("apiVersion");
  const auto kind = reader.text("kind");
  TEGATA_CHECK(reader.status());
  if (version != "tegata.dev/v1alpha1")
    return Error{ErrorCode::Malformed, "not an audit line of this version: its apiVersion is " + version};
  if (kind == "DecisionRecord") return Is::Record;
  if (kind == "Unconfirmed") return Is::Other;
  if (kind != "Facts" && kind != "Evidence")
    return Error{ErrorCode::Malformed, "a line of unknown kind: " + kind};
  const auto hash = reader.text("hash");
  TEGATA_CHECK(reader.status());
  TEGATA_TRY(const auto place, lines_->keep(line));
  contents_->add(kind == "Facts" ? RecordedContents::Kind::Facts : RecordedContents::Kind::Evidence, hash,
                 lines_, place);
  return Is::Other;
}

}  // namespace tegata::webhook
