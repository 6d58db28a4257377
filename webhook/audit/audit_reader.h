// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_map>

#include "policy/model/result.h"
#include "webhook/audit/line_reader.h"
#include "webhook/audit/record_json.h"

namespace tegata::webhook {

/// Reads an audit file from start to end, one line at a time, and finds facts and evidence that stood
/// in it before by their hash. Memory: one line, and some 150 bytes for each distinct hash.
class AuditReader {
 public:
  /// As LineReader::open().
  [[nodiscard]] static Result<AuditReader> open(const std::string& path);

  /// The next record; none at the end. An Error names its line, which is left out: go on with next().
  /// Malformed: no JSON (torn, foreign), another kind of document, a record that lacks something.
  [[nodiscard]] std::optional<Result<RecordedDecision>> next();

  /// The text under a hash that a line of kind Evidence said before. NotFound, or Malformed where the
  /// text is not what its hash says.
  [[nodiscard]] Result<std::string> evidence(const std::string& hash) const;
  /// The facts under a hash, as JSON. The same errors.
  [[nodiscard]] Result<nlohmann::json> facts(const std::string& hash) const;

  [[nodiscard]] const LineReader& lines() const noexcept { return lines_; }

 private:
  using Places = std::unordered_map<std::string, LineReader::Place>;

  explicit AuditReader(LineReader lines) : lines_(std::move(lines)) {}
  /// None: a line that is no record.
  [[nodiscard]] Result<std::optional<RecordedDecision>> read(const LineReader::Line& line);
  [[nodiscard]] Result<nlohmann::json> line_of(const Places& places, const std::string& hash) const;

  LineReader lines_;
  Places facts_;
  Places evidence_;
};

}  // namespace tegata::webhook
