// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <map>

namespace tegata::verifier {

/// What an evidence store may keep; 0: no bound.
struct EvidenceBounds {
  std::chrono::seconds max_age{0};  ///< since a file was last written or used again
  std::uint64_t max_bytes = 0;      ///< of all files; the oldest go first
};

/// Removes old files of an evidence store, in rounds of small steps: a round counts the bytes of each hour,
/// then removes what is too old or too much. It needs little memory, however many files there are. Other
/// processes may write and remove files at the same time. Not thread-safe.
class EvidencePruner {
 public:
  EvidencePruner(std::filesystem::path folder, EvidenceBounds bounds)
      : folder_(std::move(folder)), bounds_(bounds) {}

  /// Handles one of the store's folders. False: the round is over, and the next call begins another. `now`:
  /// wall clock, as in the files' times.
  [[nodiscard]] bool step(std::time_t now);

 private:
  using Hour = std::int64_t;
  void count(const std::filesystem::path& folder);
  void choose(std::time_t now);
  void remove(const std::filesystem::path& folder, std::time_t now);

  const std::filesystem::path folder_;
  const EvidenceBounds bounds_;
  unsigned next_ = 0;                       ///< below 256: to be counted; then: to be pruned
  std::map<Hour, std::uint64_t> bytes_of_;  ///< of the files last used in an hour since the epoch
  Hour keep_from_ = 0;                      ///< files of earlier hours are removed
  std::uint64_t excess_ = 0;                ///< bytes to remove from the hour `keep_from_`
};

}  // namespace tegata::verifier
