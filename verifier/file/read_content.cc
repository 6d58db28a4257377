// SPDX-License-Identifier: Apache-2.0
#include "verifier/file/read_content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tegata::verifier {
namespace {

constexpr std::size_t kLeastPiece = 16384;

class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error unreadable(int error) {
  const auto code = error == ENOENT || error == ENOTDIR ? ErrorCode::NotFound : ErrorCode::Misconfigured;
  // A socket cannot be opened as a file.
  if (error == ENXIO) return {code, "it is a socket or a device, not a regular file"};
  return {code, std::generic_category().message(error)};
}

Error other_kind(const char* kind) {
  return {ErrorCode::Misconfigured, "it is a " + std::string(kind) + ", not a regular file"};
}

Status check_regular(mode_t mode) {
  if (S_ISREG(mode)) return done();
  if (S_ISDIR(mode)) return unreadable(EISDIR);
  if (S_ISFIFO(mode)) return other_kind("FIFO (a named pipe)");
  return other_kind(S_ISSOCK(mode) ? "socket" : "device");
}

/// Reads at most one byte more than `max_bytes`. `expected`: what the file is said to hold. Room for all of
/// it is made at once, so that a secret is not copied while the text grows.
Result<std::string> read_up_to(int file, std::size_t max_bytes, std::size_t expected) {
  std::string text(std::min(expected, max_bytes) + 1, '\0');
  std::size_t used = 0;
  while (true) {
    const auto count = ::read(file, text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(errno);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > max_bytes)
      return Error{ErrorCode::LimitExceeded, "it has more than " + std::to_string(max_bytes) + " bytes"};
    if (used == text.size()) text.resize(std::min(max_bytes + 1, used + std::max(used, kLeastPiece)));
  }
  text.resize(used);
  return text;
}

}  // namespace

Result<std::string> read_content(const std::string& path, std::size_t max_bytes, Pipes pipes) {
  // Opening a FIFO without O_NONBLOCK waits for a writer.
  const int waits = pipes == Pipes::Refused ? O_NONBLOCK : 0;
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waits));
  if (file.get() < 0) return unreadable(errno);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return unreadable(errno);
  if (pipes == Pipes::Refused) TEGATA_CHECK(check_regular(about.st_mode));
  const auto expected = S_ISREG(about.st_mode) ? static_cast<std::size_t>(about.st_size) : kLeastPiece;
  return read_up_to(file.get(), max_bytes, expected);
}

}  // namespace tegata::verifier
