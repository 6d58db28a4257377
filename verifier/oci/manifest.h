// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

using Annotations = std::map<std::string, std::string>;

struct Layer {
  Descriptor descriptor;
  Annotations annotations;
};

/// OCI image manifest (image-spec, manifest.md) or Docker schema 2 manifest.
struct Manifest {
  std::string media_type;     ///< empty if the document has none (allowed by OCI)
  std::string artifact_type;  ///< empty if absent
  Descriptor config;
  std::vector<Layer> layers;
  std::optional<Descriptor> subject;
  Annotations annotations;
};

/// One manifest of an index.
struct IndexEntry : Descriptor {
  std::string os;  ///< of its platform; empty if absent
  std::string architecture;
};

/// OCI image index (image-spec, image-index.md) or Docker manifest list.
struct Index {
  std::string media_type;
  std::string artifact_type;
  std::vector<IndexEntry> manifests;
  std::optional<Descriptor> subject;
  Annotations annotations;
};

/// Parses the bytes of a manifest or index. LimitExceeded above limits::kManifest bytes or the
/// bounds of parse_strict_json. Malformed: not strict JSON; schemaVersion other than 2 (Docker schema 1 has
/// embedded signatures and no config digest); a member with a known name in other letters (exact_names()); a
/// mediaType other than the four; a document that is both manifest and index (CVE-2021-41190), or whose
/// mediaType does not match its members; a descriptor without digest, size or mediaType, or with a digest
/// other than sha256.
[[nodiscard]] Result<std::variant<Manifest, Index>> parse_manifest(std::string_view bytes);

/// The descriptors of a referrers list (an index). Entries that cannot be fetched (another digest algorithm,
/// no digest, not an object) are left out: one bad entry must not hide the others. Malformed if the document
/// is not an index.
[[nodiscard]] Result<std::vector<Descriptor>> parse_referrers(std::string_view bytes);

/// The Accept header for manifests: the four media types that parse_manifest knows.
inline constexpr std::string_view kManifestAccept =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view kIndexMediaType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kDockerListMediaType =
    "application/vnd.docker.distribution.manifest.list.v2+json";
/// Whether an entry of an index is said to be an index itself.
[[nodiscard]] bool is_index(const IndexEntry& entry);
/// Whether an entry can be an image that runs: BuildKit gives its attestations the platform unknown/unknown.
[[nodiscard]] bool may_run(const IndexEntry& entry);
/// One of the four media types that parse_manifest knows.
[[nodiscard]] bool is_manifest_media_type(std::string_view media_type);

/// Collects referrers from several lists: each digest once, in the order of arrival, at most
/// limits::kReferrers; one more sets `truncated`.
class ReferrersUnion {
 public:
  void add(const std::vector<Descriptor>& list) {
    for (const auto& descriptor : list) {
      if (seen_.contains(descriptor.digest)) continue;
      if (referrers_.manifests.size() == limits::kReferrers) {
        referrers_.truncated = true;
        return;
      }
      seen_.insert(descriptor.digest);
      referrers_.manifests.push_back(descriptor);
    }
  }
  void mark_truncated() { referrers_.truncated = true; }
  [[nodiscard]] const Referrers& referrers() const noexcept { return referrers_; }

 private:
  Referrers referrers_;
  std::set<Digest> seen_;
};

}  // namespace tegata::verifier
