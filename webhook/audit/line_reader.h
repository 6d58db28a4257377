// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "policy/model/result.h"

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

}  // namespace tegata::webhook
