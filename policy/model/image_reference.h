// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/model/digest.h"
#include "policy/model/result.h"

namespace tegata {

/// Where images live: a registry and a repository in it, both canonical.
struct Repository {
  std::string registry;  ///< host[:port], lower case; `docker.io`, never `index.docker.io`
  std::string path;      ///< `library/nginx`

  /// `docker.io/library/nginx`: what image globs look at.
  [[nodiscard]] std::string text() const { return registry + "/" + path; }
  /// Fails with Malformed or LimitExceeded; a tag or digest is refused.
  [[nodiscard]] static Result<Repository> parse(std::string_view text);
  friend auto operator<=>(const Repository&, const Repository&) = default;
};

/// A host name, with its port if any, in its canonical spelling: lower case,
/// without `:443`, `docker.io` for Docker Hub's other hosts, and one name for the several host
/// names of one ECR registry (FIPS, dual-stack). Globs' hosts go through the same function.
[[nodiscard]] std::string canonical_registry(std::string_view host);

/// A container image reference, as written in a PodSpec or an ECS container definition and then
/// completed the way a container runtime does: `nginx` is `docker.io/library/nginx:latest`.
///
/// Every ImageReference is well formed: parse() is the only way in, and nothing changes one
/// afterwards. A tag *and* a digest are both kept: the digest says what runs, the tag says what
/// the author meant, and policies ask about either.
///
/// Grammar: github.com/distribution/reference. What a container runtime would refuse, or read as
/// another image, does not pass here; nor does a bare name of 64 hex digits (an image id).
class ImageReference {
 public:
  /// Fails with Malformed, naming the offending part, or LimitExceeded.
  [[nodiscard]] static Result<ImageReference> parse(std::string_view text);

  [[nodiscard]] const Repository& repository() const noexcept { return repository_; }
  /// As written. Absent where the author wrote none, also if `latest` is then meant.
  [[nodiscard]] const std::optional<std::string>& tag() const noexcept { return tag_; }
  [[nodiscard]] const std::optional<Digest>& digest() const noexcept { return digest_; }
  /// The tag to query at a registry: the written one, `latest` where there is neither tag
  /// nor digest, and none where there is only a digest.
  [[nodiscard]] std::optional<std::string> effective_tag() const;

  /// The completed form: `docker.io/library/nginx:latest`, `host/a:tag@sha256:…`. Computed once.
  [[nodiscard]] const std::string& canonical() const noexcept { return canonical_; }
  /// What the author wrote. For messages only: two equal references may differ here.
  [[nodiscard]] const std::string& as_written() const noexcept { return as_written_; }

  /// Equal when the same registry would be asked the same question.
  friend bool operator==(const ImageReference& a, const ImageReference& b) noexcept {
    return a.canonical_ == b.canonical_;
  }

 private:
  ImageReference() = default;

  Repository repository_;
  std::optional<std::string> tag_;
  std::optional<Digest> digest_;
  std::string canonical_;
  std::string as_written_;
};

}  // namespace tegata
