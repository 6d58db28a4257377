// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "policy/model/deadline.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/candidate.h"

namespace tegata::verifier {

/// Finds what stands beside `digest` (reference/sigstore.md, D.2), and calls `done` once, on any
/// thread. Three rounds, each side by side: the manifest itself in `image_repository`, the `.sig` tag,
/// the `.att` tag where attestations are in reach, and the referrers in `signature_repository`; then payloads
/// and referrer manifests (in groups of limits::kReferrersAtOnce); then bundles. Nothing is asked twice. An
/// absent image ends it at once.
///
/// A candidate that the registry names and that is absent (404), too large or of another digest is an
/// UnreadableCandidate. Connection, timeout, 401, 403, 429, 5xx, a list that is not a list and any odd answer
/// (a login page, 400, a redirect that is not followed; for the `.sig` and `.att` tags another media type,
/// too) are `unknown`. Above limits::kSignatureLayers, kReferrers or kCandidateBytes the rest is left and
/// `too_many` is set.
///
/// `source` must outlive the call of `done`.
void discover_signatures(ContentSource& source, Repository image_repository, Repository signature_repository,
                         Digest digest, Reach reach, Deadline deadline, std::function<void(Candidates)> done);

}  // namespace tegata::verifier
