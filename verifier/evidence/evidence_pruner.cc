// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_pruner.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kFolders = 256;
constexpr std::int64_t kHour = 3600;

std::string name_of_folder(unsigned number) {
  constexpr std::array kHex{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  return {kHex.at(number / 16), kHex.at(number % 16)};
}

bool is_temporary(const fs::path& file) { return file.filename().string().starts_with('.'); }

template <typename Use>
void each_file(const fs::path& folder, Use use) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    struct stat about {};
    const auto& path = entry->path();
    if (::lstat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode)) use(path, about);
  }
}

}  // namespace

bool EvidencePruner::step(std::time_t now) {
  const auto folder = folder_ / name_of_folder(next_ % kFolders);
  if (next_ < kFolders)
    count(folder);
  else
    remove(folder, now);
  if (++next_ == kFolders) choose(now);
  if (next_ < 2 * kFolders) return true;
  next_ = 0;
  bytes_of_.clear();
  return false;
}

void EvidencePruner::count(const fs::path& folder) {
  each_file(folder, [this](const fs::path&, const struct stat& about) {
    bytes_of_[about.st_mtim.tv_sec / kHour] += static_cast<std::uint64_t>(about.st_size);
  });
}

void EvidencePruner::choose(std::time_t now) {
  keep_from_ = 0;
  excess_ = 0;
  if (bounds_.max_age.count() > 0)
    keep_from_ = (now - bounds_.max_age.count() - limits::kEvidenceUnused.count()) / kHour;
  if (bounds_.max_bytes == 0) return;
  std::uint64_t kept = 0;
  for (auto hour = bytes_of_.rbegin(); hour != bytes_of_.rend() && hour->first >= keep_from_; ++hour) {
    kept += hour->second;
    if (kept <= bounds_.max_bytes) continue;
    keep_from_ = hour->first;
    excess_ = kept - bounds_.max_bytes;
    return;
  }
}

void EvidencePruner::remove(const fs::path& folder, std::time_t now) {
  each_file(folder, [&](const fs::path& file, const struct stat& about) {
    const auto hour = about.st_mtim.tv_sec / kHour;
    const auto bytes = static_cast<std::uint64_t>(about.st_size);
    // Another process may be writing a temporary file; one of two hours ago was left by a crash.
    if (is_temporary(file)) {
      if (now - about.st_mtim.tv_sec > 2 * kHour) ::unlink(file.c_str());
      return;
    }
    const bool too_much = hour == keep_from_ && excess_ > 0;
    if (hour >= keep_from_ && !too_much) return;
    if (too_much) excess_ -= std::min(excess_, bytes);
    ::unlink(file.c_str());
  });
}

}  // namespace tegata::verifier
