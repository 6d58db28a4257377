// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/digest.h"
#include "policy/model/image_reference.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// The manifest that a tag names now (`GET /v2/<name>/manifests/<tag>`).
struct TagRequest {
  Repository repository;
  std::string tag;
};
/// A manifest or index by its digest.
struct ManifestRequest {
  Repository repository;
  Digest digest;
};
/// A blob by its digest. LimitExceeded above `max_bytes`, found out as early as possible.
struct BlobRequest {
  Repository repository;
  Digest digest;
  std::size_t max_bytes = 0;
};
/// Every manifest whose `subject` is this digest: the referrers API, all its pages, and the
/// fallback tag `sha256-<hex>`, as one list without duplicates. None is an empty list, not an
/// error. At most limits::kReferrers, and `truncated` says when there were more.
struct ReferrersRequest {
  Repository repository;
  Digest digest;
};
using ContentRequest = std::variant<TagRequest, ManifestRequest, BlobRequest, ReferrersRequest>;

/// Bytes whose SHA-256 is `digest`: computed here over what came, and equal to what was asked for.
struct Content {
  Digest digest;
  std::string media_type;  ///< Content-Type of a manifest; empty for blobs
  std::string bytes;
};
/// OCI image-spec, descriptor.md; what a referrers list says of a manifest. Only the digest is
/// ever relied on: artifactType is what the registry claims.
struct Descriptor {
  Digest digest;
  std::uint64_t size = 0;
  std::string media_type;
};
struct Referrers {
  std::vector<Descriptor> manifests;
  bool truncated = false;
};

/// NotFound: the registry answers 404. Malformed: bytes of another digest than the one asked for.
/// UnexpectedAnswer: not an answer to the question (400, a login page, a redirect that is not followed).
/// Unauthorized, RateLimited, Unavailable, DeadlineExceeded, LimitExceeded: see ErrorCode.
using ContentAnswer = Result<std::variant<Content, Referrers>>;

/// Where manifests and blobs come from. The verifier reads registries through this and nothing
/// else: a live registry, a recorded layout (tests) and the evidence store (replay) implement it.
class ContentSource {
 public:
  virtual ~ContentSource() = default;

  /// Called once, with one answer for each request in its order, on any thread, possibly before
  /// fetch() returns. It must not block.
  using Done = std::function<void(std::vector<ContentAnswer>)>;

  /// Starts all requests side by side and returns at once. Thread-safe. Every request is answered
  /// by the deadline (with DeadlineExceeded, if need be), so `done` is always called.
  virtual void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) = 0;
};

/// Waits for the answers; for commands, tests and sources that answer at once. Never called on a
/// thread that a ContentSource calls `done` on.
[[nodiscard]] std::vector<ContentAnswer> fetch_and_wait(ContentSource& source,
                                                        std::vector<ContentRequest> requests,
                                                        Deadline deadline);

}  // namespace tegata::verifier
