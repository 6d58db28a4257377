// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>

#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// One recorded repository: a folder with `case.json` (repository, tags, referrers_api) and an OCI
/// image layout in `oci/`, as in tests/testdata/sigstore. Answers at once, on the caller's thread.
///
/// Requests are matched by the path of the repository only, since a recording may be served on any host.
/// Other paths are NotFound, as are tags and blobs that are not in the recording. Bytes are checked against
/// their digest. Immutable after open(); thread-safe.
class RecordedLayout final : public ContentSource {
 public:
  /// Malformed or NotFound, naming the folder.
  [[nodiscard]] static Result<RecordedLayout> open(const std::filesystem::path& folder);

  /// As recorded: host, port and path.
  [[nodiscard]] const Repository& repository() const noexcept { return repository_; }
  [[nodiscard]] const std::map<std::string, Digest>& tags() const noexcept { return tags_; }
  /// Empty: that registry had no referrers API.
  [[nodiscard]] const std::optional<std::map<Digest, std::string>>& referrers_api() const noexcept {
    return referrers_api_;
  }
  /// The bytes of a blob or manifest, checked; LimitExceeded above `max_bytes`.
  [[nodiscard]] Result<std::string> read(const Digest& digest, std::size_t max_bytes) const;
  /// The digests of every blob and manifest in the recording.
  [[nodiscard]] std::vector<Digest> blobs() const;

  [[nodiscard]] ContentAnswer answer(const ContentRequest& request) const;
  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override;

 private:
  RecordedLayout() = default;
  [[nodiscard]] ContentAnswer manifest(const Digest& digest, std::size_t max_bytes) const;
  [[nodiscard]] ContentAnswer referrers(const Digest& digest) const;

  std::filesystem::path folder_;
  Repository repository_;
  std::map<std::string, Digest> tags_;
  std::optional<std::map<Digest, std::string>> referrers_api_;  ///< subject → the index as JSON text
};

}  // namespace tegata::verifier
