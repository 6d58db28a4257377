// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "policy/model/result.h"
#include "webhook/audit/line_reader.h"
#include "webhook/audit/record_json.h"
#include "webhook/audit/recorded_contents.h"

namespace tegata::webhook {

/// A line of an audit file that holds a record, or seems to.
struct RecordLine {
  std::string text;
  std::uint64_t number = 0;  ///< of the line, from 1
};
/// The record in it, or what is wrong with the line, with its number. Malformed: not JSON (incomplete), or
/// without a required member.
[[nodiscard]] Result<RecordedDecision> record_of(const RecordLine& line);

/// Reads an audit file from start to end, one line at a time. Facts and evidence become known to `contents`
/// before the records that follow them are returned.
class AuditReader {
 public:
  /// As LineReader::open(); `-` is standard input. `contents` must outlive the reader.
  [[nodiscard]] static Result<AuditReader> open(const std::string& path, RecordedContents& contents);

  /// The next record; none at the end. An Error names its line, which is skipped: continue with next().
  /// Malformed: not JSON, or another kind of document.
  [[nodiscard]] std::optional<Result<RecordLine>> next();

  [[nodiscard]] const LineReader& lines() const noexcept { return *lines_; }

 private:
  AuditReader(LineReader lines, RecordedContents& contents)
      : lines_(std::make_shared<LineReader>(std::move(lines))), contents_(&contents) {}
  enum class Is { Record, Other };
  [[nodiscard]] Result<Is> read(const LineReader::Line& line);

  std::shared_ptr<LineReader> lines_;
  RecordedContents* contents_;
};

}  // namespace tegata::webhook
