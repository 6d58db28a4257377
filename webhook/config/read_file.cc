// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/read_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

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

Result<std::string> read_file(const std::string& path, std::size_t max_bytes, verifier::Pipes pipes) {
  auto text = verifier::read_content(path, max_bytes, pipes);
  if (text.ok()) return text;
  if (text.error().code == ErrorCode::LimitExceeded)
    return Error{ErrorCode::LimitExceeded, path + " is larger than " + std::to_string(max_bytes) + " bytes"};
  return text.error().in("cannot read " + path);
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
