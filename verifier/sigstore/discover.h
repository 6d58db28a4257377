// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "policy/model/deadline.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/candidate.h"

namespace tegata::verifier {

/// Finds what stands beside `digest` (reference/sigstore.md, D.2), and calls `done` once, on any
/// thread. Three rounds at most, each side by side: the manifest itself in `image_repository`, the
/// `.sig` tag and the referrers in `signature_repository`; then payloads and referrer manifests;
/// then bundles. Nothing is asked twice.
///
/// `source` must outlive the call of `done`.
void discover_signatures(ContentSource& source, Repository image_repository, Repository signature_repository,
                         Digest digest, Deadline deadline, std::function<void(Candidates)> done);

}  // namespace tegata::verifier
