// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/audit_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

namespace tegata::webhook {
namespace {

/// A pipe that poll(2) reports as writable accepts this much without blocking (PIPE_BUF).
constexpr std::size_t kPipePiece = 4096;

Error failure(const std::string& what) {
  return {ErrorCode::Unavailable, what + ": " + std::strerror(errno)};  // NOLINT(concurrency-mt-unsafe)
}

Error misconfigured(const std::string& path, const std::string& cause) {
  return {ErrorCode::Misconfigured, "the audit log " + path + " cannot be written: " + cause};
}

}  // namespace

AuditFile::AuditFile(std::string path, int fd, int interruption, bool owned, bool regular)
    : path_(std::move(path)), fd_(fd), interruption_(interruption), owned_(owned), regular_(regular) {}

AuditFile::AuditFile(AuditFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      interruption_(std::exchange(other.interruption_, -1)),
      owned_(std::exchange(other.owned_, false)),
      regular_(other.regular_),
      has_room_(other.has_room_),
      torn_(other.torn_) {}

AuditFile::~AuditFile() {
  if (owned_) ::close(fd_);
  if (interruption_ >= 0) ::close(interruption_);
}

Result<AuditFile> AuditFile::open(const std::string& path) {
  const bool standard_output = path == "-";
  // O_NONBLOCK: opening a FIFO without a reader fails instead of blocking.
  const int fd =
      standard_output
          ? STDOUT_FILENO
          : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (fd < 0) return misconfigured(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  struct stat about {};
  const bool regular = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && !standard_output;
  AuditFile file(path, fd, ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), !standard_output, regular);
  if (file.interruption_ < 0) return misconfigured(path, "cannot create an eventfd");
  if (const auto error = file.adopt()) return misconfigured(path, error->message);
  return file;
}

/// Takes over an existing file: locks it, and checks whether its last line is complete.
std::optional<Error> AuditFile::adopt() {
  if (!regular_) return std::nullopt;
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0)
    return Error{ErrorCode::Misconfigured, "another program is writing to it"};
  const auto size = ::lseek(fd_, 0, SEEK_END);
  if (size <= 0) return std::nullopt;
  const int reader = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (reader < 0) return failure("reading its last byte");
  char last = 0;
  const bool read = ::pread(reader, &last, 1, size - 1) == 1;
  ::close(reader);
  if (!read) return Error{ErrorCode::Unavailable, "its last byte cannot be read"};
  torn_ = last != '\n';
  return std::nullopt;
}

std::optional<Error> AuditFile::wait_until_writable() const {
  pollfd waiting[2] = {{fd_, POLLOUT, 0}, {interruption_, POLLIN, 0}};
  while (::poll(waiting, 2, -1) < 0)
    if (errno != EINTR) return failure("waiting for the reader of the audit log");
  if (waiting[1].revents != 0)
    return Error{ErrorCode::Unavailable, "the audit log has no reader, and the process is shutting down"};
  return std::nullopt;
}

std::size_t AuditFile::room() {
  if (regular_) return std::numeric_limits<std::size_t>::max();
  if (torn_) return 0;
  pollfd now{fd_, POLLOUT, 0};
  has_room_ = ::poll(&now, 1, 0) == 1 && now.revents == POLLOUT;
  return has_room_ ? kPipePiece : 0;
}

AuditFile::Appended AuditFile::append(std::string_view text) {
  if (std::exchange(torn_, false)) {
    if (auto ended = append("\n"); ended.error) {
      torn_ = true;
      return {0, std::move(ended.error)};
    }
  }
  std::size_t written = 0;
  while (written < text.size()) {
    auto piece = text.substr(written);
    if (!regular_) {
      if (!std::exchange(has_room_, false))
        if (auto error = wait_until_writable()) return {written, std::move(error)};
      piece = piece.substr(0, kPipePiece);
    }
    const auto count = ::write(fd_, piece.data(), piece.size());
    if (count > 0)
      written += static_cast<std::size_t>(count);
    else if (count == 0 || (errno != EINTR && errno != EAGAIN))
      return {written, failure("writing the audit log")};
  }
  return {written, std::nullopt};
}

Result<bool> AuditFile::reopen() {
  if (!owned_) return false;
  struct stat current {};
  struct stat named {};
  const bool same = ::fstat(fd_, &current) == 0 && ::stat(path_.c_str(), &named) == 0 &&
                    current.st_dev == named.st_dev && current.st_ino == named.st_ino;
  if (same) return false;
  TEGATA_TRY(auto opened, open(path_));
  std::swap(fd_, opened.fd_);
  std::swap(regular_, opened.regular_);
  std::swap(torn_, opened.torn_);
  return true;
}

void AuditFile::take_back(std::size_t bytes) {
  if (bytes == 0) return;
  struct stat about {};
  const bool known = regular_ && ::fstat(fd_, &about) == 0 && about.st_size >= static_cast<off_t>(bytes);
  torn_ = !known || ::ftruncate(fd_, about.st_size - static_cast<off_t>(bytes)) != 0;
}

void AuditFile::interrupt() {
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then it is readable already.
  [[maybe_unused]] const auto ignored = ::write(interruption_, &one, sizeof one);
}

}  // namespace tegata::webhook
