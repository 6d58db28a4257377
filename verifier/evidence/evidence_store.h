// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "policy/model/digest.h"
#include "policy/model/result.h"
#include "verifier/evidence/evidence_writer.h"

namespace tegata::verifier {

/// Stores the bytes that facts were made from, once each, under their SHA-256: `ab/abcdef…` in one folder,
/// where `abcdef…` is the digest in hex. Thread-safe; several processes may share a folder.
///
/// Files appear atomically (written under a temporary name, then renamed) but are not synced to disk: after a
/// power failure recent files may be missing or damaged, which get() reports.
class EvidenceStore {
 public:
  /// Creates the folder if it is absent; Misconfigured if it cannot be created or written to.
  [[nodiscard]] static Result<std::shared_ptr<EvidenceStore>> open(std::filesystem::path folder);

  /// Stores at most limits::kEvidenceFile bytes. Of an existing file only the time changes: it was used
  /// again. LimitExceeded, or Unavailable (disk full, no access).
  [[nodiscard]] Result<Digest> put(std::string_view bytes);

  /// From now on store() does not wait, and the folder is kept within `bounds`. Call once, before others use
  /// the store.
  void write_in_background(EvidenceBounds bounds, EvidenceQueue queue = {});
  /// As put(), but in the background after write_in_background(), where a full queue is counted in
  /// failures().
  void store(std::string_view bytes);

  /// NotFound; Malformed if the content of the file does not match its name; LimitExceeded.
  [[nodiscard]] Result<std::string> get(const Digest& digest) const;

  /// How many files could not be stored since the start; a replay will miss those. For metrics.
  [[nodiscard]] std::uint64_t failures() const noexcept {
    return failures_.load() + (writer_ == nullptr ? 0 : writer_->lost());
  }

 private:
  explicit EvidenceStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::filesystem::path place_of(const Digest& digest) const;
  [[nodiscard]] Status write(const std::filesystem::path& place, std::string_view bytes) const;

  const std::filesystem::path folder_;
  std::atomic<std::uint64_t> failures_{0};
  std::unique_ptr<EvidenceWriter> writer_;  ///< null: store() writes at once. Last: it uses the others
};

}  // namespace tegata::verifier
