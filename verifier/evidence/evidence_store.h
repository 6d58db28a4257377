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

namespace tegata::verifier {

/// The bytes that facts were made from, each once, under their SHA-256: `ab/abcdef…` below one
/// folder, where `abcdef…` is the digest in hex. Thread-safe; several processes may share a folder.
///
/// A file appears whole or not at all (written beside its place, then renamed) but is not synced to
/// the disk: after a power cut some of the last may be missing or damaged, and get() says so.
class EvidenceStore {
 public:
  /// Makes the folder where it is absent; Misconfigured where it cannot be made or written to.
  [[nodiscard]] static Result<std::shared_ptr<EvidenceStore>> open(std::filesystem::path folder);

  /// Stores bytes, at most limits::kEvidenceFile of them; what is there already stays as it is.
  /// LimitExceeded, or Unavailable (disk full, no access).
  [[nodiscard]] Result<Digest> put(std::string_view bytes);

  /// NotFound; Malformed where the file holds other bytes than its name says; LimitExceeded.
  [[nodiscard]] Result<std::string> get(const Digest& digest) const;

  /// How many put() could not store since the start: what a replay will miss. For metrics.
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_.load(); }

 private:
  explicit EvidenceStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::filesystem::path place_of(const Digest& digest) const;
  [[nodiscard]] Status write(const std::filesystem::path& place, std::string_view bytes) const;

  const std::filesystem::path folder_;
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace tegata::verifier
