// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error failed(const std::string& path, int error) {
  const auto code = error == ENOENT || error == ENOTDIR ? ErrorCode::NotFound : ErrorCode::Misconfigured;
  return {code, "cannot read " + path + ": " + std::generic_category().message(error)};
}

namespace fs = std::filesystem;

std::string stamp_of(const std::string& path) {
  struct stat status {};
  std::string text = path;
  text += '\0';
  if (::stat(path.c_str(), &status) != 0) return text + "-\n";
  for (const auto number :
       {static_cast<long long>(status.st_dev), static_cast<long long>(status.st_ino),
        static_cast<long long>(status.st_size), static_cast<long long>(status.st_mtim.tv_sec),
        static_cast<long long>(status.st_mtim.tv_nsec), static_cast<long long>(status.st_ctim.tv_sec),
        static_cast<long long>(status.st_ctim.tv_nsec)})
    text += std::to_string(number) + " ";
  return text + "\n";
}

/// The entries of a folder by name, at most a few more than limits::kPolicyFiles.
std::vector<std::string> entries_of(const std::string& folder) {
  std::vector<std::string> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end;
       !error && entry != end && entries.size() <= 2 * limits::kPolicyFiles; entry.increment(error))
    entries.push_back(entry->path().string());
  std::ranges::sort(entries);
  return entries;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed(path, errno);
  std::string text;
  std::array<char, 16384> piece;
  while (true) {
    const auto n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path, errno);
    if (n == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > max_bytes)
      return Error{ErrorCode::LimitExceeded,
                   path + " is larger than " + std::to_string(max_bytes) + " bytes"};
  }
}

std::string stamps_of(const std::vector<std::string>& paths) {
  std::string all;
  for (const auto& path : paths) {
    all += stamp_of(path);
    std::error_code error;
    if (!fs::is_directory(path, error)) continue;
    for (const auto& entry : entries_of(path)) all += stamp_of(entry);
  }
  return all;
}

}  // namespace tegata::webhook
