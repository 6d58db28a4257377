// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "verifier/oci/content_source.h"
#include "verifier/oci/memory_budget.h"
#include "verifier/sigstore/candidate/candidate.h"

namespace tegata::verifier {

/// Finds the signatures and attestations of `digest`, and calls `done` once, on any thread. Three rounds,
/// each in parallel: the manifest itself in `image_repository`, the `.sig` tag, the `.att` tag where
/// attestations are required, and the referrers in `signature_repository`; then payloads and referrer
/// manifests; then the layers of referrers (referrer_kind()). More referrers than limits::kReferrersAtOnce or
/// kReferrerRound are read in groups, and the payloads come after them. No blob is requested twice in one
/// round. If the image is absent, the search ends.
///
/// What the search holds is reserved in `memory` (null: no bound), until the Candidates are destroyed. If
/// there is no memory at once, the search gives up all that it has, waits, and begins again; `unknown` is
/// CutShort if the deadline passes first.
///
/// A candidate that the registry names and that is absent (404), too large or of another digest is an
/// UnreadableCandidate; so is a referrer whose manifest has more bytes than the list says, or than
/// limits::kReferrerManifest. Connection, timeout, 401, 403, 429, 5xx, a list that cannot be parsed and any
/// unexpected answer (a login page, 400, a redirect that is not followed; for the `.sig` and `.att` tags also
/// another media type) are `unknown`. Above limits::kSignatureLayers, kReferrers, kCandidateBytes or
/// kFetchRequests the rest is skipped and `too_many` is set.
///
/// `source` must outlive the call of `done`.
void discover_signatures(ContentSource& source, Repository image_repository, Repository signature_repository,
                         Digest digest, Reach reach, Terms terms, std::function<void(Candidates)> done,
                         std::shared_ptr<MemoryBudget> memory = nullptr);

}  // namespace tegata::verifier
