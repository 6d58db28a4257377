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

/// Reads a file line by line, and earlier lines again by their place. Memory: one line of at most
/// limits::kRecordLine bytes.
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

  /// NotFound or Misconfigured, with the path. Regular files only: others cannot be read twice.
  [[nodiscard]] static Result<LineReader> open(const std::string& path);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  /// None at the end. LimitExceeded: the line is too long and is skipped. Unavailable: reading failed; the
  /// file ends here.
  [[nodiscard]] std::optional<Result<Line>> next();
  [[nodiscard]] Result<std::string> at(Place place) const;

  /// Number of the last line that next() returned, from 1.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return offset_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return size_; }

 private:
  LineReader(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  [[nodiscard]] bool fill();

  int fd_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;  ///< of the next byte that next() reads
  std::uint64_t number_ = 0;
  std::string buffer_;
  std::size_t used_ = 0;  ///< of buffer_
  bool failed_ = false;
};

/// Reads an audit file from start to end, one line at a time, and finds earlier facts and evidence by hash.
/// Memory: one line, and about 150 bytes for each distinct hash.
class AuditReader {
 public:
  /// As LineReader::open().
  [[nodiscard]] static Result<AuditReader> open(const std::string& path);

  /// The next record; none at the end. An Error names its line, which is skipped: continue with next().
  /// Malformed: not JSON (incomplete, not ours), another kind of document, or a record without a required
  /// member.
  [[nodiscard]] std::optional<Result<RecordedDecision>> next();

  /// The text of an earlier line of kind Evidence. NotFound, or Malformed if the text does not match its
  /// hash.
  [[nodiscard]] Result<std::string> evidence(const std::string& hash) const;
  /// The facts under a hash, as JSON. The same errors.
  [[nodiscard]] Result<nlohmann::json> facts(const std::string& hash) const;

  [[nodiscard]] const LineReader& lines() const noexcept { return lines_; }

 private:
  using Places = std::unordered_map<std::string, LineReader::Place>;

  explicit AuditReader(LineReader lines) : lines_(std::move(lines)) {}
  /// None: a line that is not a record.
  [[nodiscard]] Result<std::optional<RecordedDecision>> read(const LineReader::Line& line);
  [[nodiscard]] Result<nlohmann::json> line_of(const Places& places, const std::string& hash) const;

  LineReader lines_;
  Places facts_;
  Places evidence_;
};

}  // namespace tegata::webhook
