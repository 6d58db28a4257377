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
#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "verifier/net/askers.h"

namespace tegata::verifier {

/// The manifest that a tag currently names (`GET /v2/<name>/manifests/<tag>`).
struct TagRequest {
  Repository repository;
  std::string tag;
};
/// Whether the caller has reserved memory for the answer (memory_budget.h); if not, the source does.
enum class Memory { Reserved, NotReserved };
/// A manifest or index by its digest. LimitExceeded above `max_bytes`, detected as early as possible.
struct ManifestRequest {
  Repository repository;
  Digest digest;
  std::size_t max_bytes = limits::kManifest;
  Memory memory = Memory::NotReserved;
};
/// A blob by its digest; `max_bytes` as for a manifest.
struct BlobRequest {
  Repository repository;
  Digest digest;
  std::size_t max_bytes = 0;
  Memory memory = Memory::NotReserved;
};
/// Every manifest whose `subject` is this digest: the referrers API, all its pages, and the
/// fallback tag `sha256-<hex>`, as one list without duplicates. Without referrers the list is empty, not an
/// error. At most limits::kReferrers are returned, and `truncated` is set if there were more.
struct ReferrersRequest {
  Repository repository;
  Digest digest;
};
using ContentRequest = std::variant<TagRequest, ManifestRequest, BlobRequest, ReferrersRequest>;

/// Bytes whose SHA-256 is `digest`: computed over the received bytes, and equal to the requested digest.
struct Content {
  Digest digest;
  std::string media_type;  ///< Content-Type of a manifest; empty for blobs
  std::string bytes;
};
/// A descriptor (OCI image-spec, descriptor.md), for example in a referrers list. Only the digest is trusted:
/// the other members are claims of the registry.
struct Descriptor {
  Digest digest;
  std::uint64_t size = 0;
  std::string media_type;
};
struct Referrers {
  std::vector<Descriptor> manifests;
  bool truncated = false;
};

/// NotFound: the registry answers 404. Malformed: the bytes do not have the requested digest.
/// UnexpectedAnswer: not a response to the request (400, a login page, a redirect that is not followed).
/// Unauthorized, RateLimited, Unavailable, DeadlineExceeded, LimitExceeded: see ErrorCode.
using ContentAnswer = Result<std::variant<Content, Referrers>>;

/// Where manifests and blobs come from. The verifier reads registries only through this interface.
/// RegistrySource is a live registry, RecordedLayout a recorded one (tests), ReplaySource the evidence of an
/// earlier decision. For a live fact the sources are layered (verifier/evidence/live_sources.h):
///
///   FactMaker                        requests tags, manifests, blobs and referrers
///    └ RecordingSource               stores answers as evidence (--evidence-dir)
///       └ ImageSource::Counting      answers the manifest that the tag lookup returned; counts the others
///          └ SharedManifestSource    merges concurrent requests for one manifest
///             └ RegistrySource       authentication, retries, redirects; checks every digest
class ContentSource {
 public:
  virtual ~ContentSource() = default;

  /// Called once, with one answer for each request, in the order of the requests, on any thread, possibly
  /// before fetch() returns. Must not block.
  using Done = std::function<void(std::vector<ContentAnswer>)>;

  /// Starts all requests in parallel, or as their turns come, and returns at once. Thread-safe. Every request
  /// is answered by the deadline (if necessary with DeadlineExceeded or CutShort), so `done` is always
  /// called.
  virtual void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) = 0;
};

/// Waits for the answers; for commands, tests and sources that answer at once. Must not run on a thread on
/// which a ContentSource calls `done`.
[[nodiscard]] std::vector<ContentAnswer> fetch_and_wait(ContentSource& source,
                                                        std::vector<ContentRequest> requests,
                                                        Deadline deadline);

}  // namespace tegata::verifier
