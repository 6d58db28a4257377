// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

std::string words_of(int error) { return std::generic_category().message(error); }

}  // namespace

Result<LineReader> LineReader::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not block
  if (fd < 0)
    return Error{errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Misconfigured,
                 path + ": " + words_of(errno)};
  struct stat about {};
  const bool regular = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
  LineReader reader(fd, regular ? static_cast<std::uint64_t>(about.st_size) : 0);
  if (!regular) return Error{ErrorCode::Misconfigured, path + ": only a regular file can be read here"};
  return reader;
}

Result<LineReader> LineReader::standard_input() {
  LineReader reader(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), 0);
  if (reader.fd_ < 0) return Error{ErrorCode::Misconfigured, "standard input: " + words_of(errno)};
  std::error_code error;
  auto name = (std::filesystem::temp_directory_path(error) / "tegata-replay-XXXXXX").string();
  reader.kept_fd_ = error ? -1 : ::mkostemp(name.data(), O_CLOEXEC);
  if (reader.kept_fd_ < 0)
    return Error{ErrorCode::Misconfigured, "no temporary file for standard input: " + words_of(errno)};
  ::unlink(name.c_str());
  return reader;
}

LineReader::LineReader(LineReader&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      kept_fd_(std::exchange(other.kept_fd_, -1)),
      size_(other.size_),
      kept_bytes_(other.kept_bytes_),
      offset_(other.offset_),
      number_(other.number_),
      buffer_(std::move(other.buffer_)),
      used_(other.used_),
      failed_(other.failed_) {}

LineReader::~LineReader() {
  if (fd_ >= 0) ::close(fd_);
  if (kept_fd_ >= 0) ::close(kept_fd_);
}

/// False at the end of the file, and if reading fails.
bool LineReader::fill() {
  buffer_.resize(kPiece);
  ssize_t count = 0;
  do {
    count = ::read(fd_, buffer_.data(), buffer_.size());
  } while (count < 0 && errno == EINTR);
  failed_ = count < 0;
  buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  used_ = 0;
  return count > 0;
}

std::optional<Result<LineReader::Line>> LineReader::next() {
  Line line;
  line.place.offset = offset_;
  bool too_long = false;
  while (used_ < buffer_.size() || fill()) {
    const auto end = buffer_.find('\n', used_);
    const auto stop = end == std::string::npos ? buffer_.size() : end;
    too_long = too_long || line.text.size() + (stop - used_) > limits::kRecordLine;
    if (too_long)
      line.text.clear();
    else
      line.text.append(buffer_, used_, stop - used_);
    offset_ += stop - used_;
    used_ = stop;
    if (end == std::string::npos) continue;
    ++offset_, ++used_;
    break;
  }
  if (failed_) return Error{ErrorCode::Unavailable, "reading the file failed"};
  if (offset_ == line.place.offset) return std::nullopt;
  ++number_;
  if (too_long)
    return Error{ErrorCode::LimitExceeded, "longer than " + std::to_string(limits::kRecordLine) + " bytes"};
  line.place.bytes = static_cast<std::uint32_t>(line.text.size());
  return line;
}

Result<LineReader::Place> LineReader::keep(const Line& line) {
  if (kept_fd_ < 0) return line.place;
  const Place place{kept_bytes_, line.place.bytes};
  std::size_t written = 0;
  while (written < line.text.size()) {
    const auto count = ::write(kept_fd_, line.text.data() + written, line.text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      return Error{ErrorCode::Unavailable, "the temporary file cannot be written: " + words_of(errno)};
    written += static_cast<std::size_t>(count);
  }
  kept_bytes_ += written;
  return place;
}

Result<std::string> LineReader::at(Place place) const {
  std::string text(place.bytes, '\0');
  std::size_t read = 0;
  while (read < text.size()) {
    const auto count = ::pread(kept_fd_ < 0 ? fd_ : kept_fd_, text.data() + read, text.size() - read,
                               static_cast<off_t>(place.offset + read));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Error{ErrorCode::Unavailable, "an earlier line cannot be read again"};
    read += static_cast<std::size_t>(count);
  }
  return text;
}

}  // namespace tegata::webhook
