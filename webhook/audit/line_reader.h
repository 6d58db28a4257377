// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "policy/model/result.h"

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
  /// Standard input, which may be a pipe. Misconfigured: there is no room for temporary files.
  [[nodiscard]] static Result<LineReader> standard_input();
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  /// None at the end. LimitExceeded: the line is too long and is skipped. Unavailable: reading failed; the
  /// file ends here.
  [[nodiscard]] std::optional<Result<Line>> next();
  /// Where at() will find the line. Of standard input, only lines that were kept can be read again: they are
  /// written to a temporary file. Unavailable: that failed.
  [[nodiscard]] Result<Place> keep(const Line& line);
  /// Thread-safe, also beside next() and keep().
  [[nodiscard]] Result<std::string> at(Place place) const;

  /// Number of the last line that next() returned, from 1.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return offset_; }
  /// 0 for standard input.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return size_; }

 private:
  LineReader(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  [[nodiscard]] bool fill();

  int fd_;
  int kept_fd_ = -1;  ///< the temporary file; -1 for a regular file, which can be read again itself
  std::uint64_t size_;
  std::uint64_t kept_bytes_ = 0;
  std::uint64_t offset_ = 0;  ///< of the next byte that next() reads
  std::uint64_t number_ = 0;
  std::string buffer_;
  std::size_t used_ = 0;  ///< of buffer_
  bool failed_ = false;
};

}  // namespace tegata::webhook
