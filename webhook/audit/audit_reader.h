// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_map>

#include "policy/model/result.h"
#include "webhook/audit/record_json.h"

namespace tegata::webhook {

/// Reads a file line by line, and lines that it has passed again by their place. Memory: one line of
/// at most limits::kRecordLine bytes.
class LineReader {
 public:
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
  };
  struct Line {
    std::string text;  ///< without its line feed
    Place place;
  };

  /// NotFound or Misconfigured, with the path. Only regular files: what is not cannot be read again.
  [[nodiscard]] static Result<LineReader> open(const std::string& path);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  /// None at the end. LimitExceeded: the line is too long, and passed over. Unavailable: the file
  /// cannot be read on; it ends here.
  [[nodiscard]] std::optional<Result<Line>> next();
  [[nodiscard]] Result<std::string> at(Place place) const;

  /// Of the line that next() gave last, from 1.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return offset_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return size_; }

 private:
  LineReader(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  [[nodiscard]] bool fill();

  int fd_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;  ///< of the next byte that next() looks at
  std::uint64_t number_ = 0;
  std::string buffer_;
  std::size_t used_ = 0;  ///< of buffer_
  bool failed_ = false;
};

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
