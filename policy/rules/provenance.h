// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/predicate.h"
#include "policy/rules/pattern.h"

namespace tegata::policy {

inline constexpr std::string_view kProvenanceV02 = "https://slsa.dev/provenance/v0.2";
inline constexpr std::string_view kProvenanceV1 = "https://slsa.dev/provenance/v1";

[[nodiscard]] bool is_provenance(std::string_view predicate_type) noexcept;

/// What a SLSA provenance says of a build. Empty where it says nothing, or nothing that can be read.
struct Provenance {
  std::string builder;     ///< builder.id
  std::string build_type;  ///< buildType
  /// The source that the build was given: `https://github.com/acme/shop`, without `git+`,
  /// `.git`, `@ref` and `#ref`. None where places of the predicate name different ones.
  std::optional<std::string> source_repository;
  /// Commits (40 or 64 lower-case hex digits) of that source, and of no other material: an action or
  /// submodule that was fetched too is not what was built. Where the predicate names no source, the
  /// one material of Git, if there is exactly one.
  std::vector<std::string> commits;
  /// Materials that are container images (`pkg:docker/…`, `pkg:oci/…`): base images, and builders' too.
  std::vector<Digest> images;
  bool image_without_digest = false;  ///< one of these materials has no sha256
};

/// Reads a predicate of one of the two types (SLSA v0.2; v1, also as GitHub's and BuildKit's
/// generators write it). Total and linear.
[[nodiscard]] Provenance provenance_of(std::string_view predicate_type, const Value& predicate);

/// `https://github.com/acme/shop` of `git+https://github.com/acme/shop.git@refs/heads/main`.
[[nodiscard]] std::string repository_of_uri(std::string_view uri);

/// `provenance: {builder, sourceRepository, buildType, baseImages}`; what is absent is not required.
struct ProvenanceCriteria {
  std::optional<UriGlob> builder;
  std::optional<UriGlob> source_repository;
  std::optional<std::string> build_type;  ///< exact
  /// At least one image is among the materials, and all that are have one of these digests.
  std::vector<Digest> base_images;

  [[nodiscard]] auto parts() const {
    const auto& [by, source, type, bases] = *this;
    return std::tie(by, source, type, bases);
  }
  /// The first criterion that is not met, as printable text; none: all are.
  [[nodiscard]] std::optional<std::string> mismatch(const Provenance& provenance) const;
};

/// The predicate type that cosign's `--type` means: its word for one (`vuln`, `slsaprovenance1`), or a URI,
/// which is itself. None: neither.
[[nodiscard]] std::optional<std::string> predicate_type_named(std::string_view word);

}  // namespace tegata::policy
