// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "policy/model/image_labels.h"
#include "policy/model/result.h"
#include "verifier/oci/content_source.h"
#include "verifier/oci/manifest.h"

namespace tegata::verifier {

/// The annotations of a manifest or index, as far as keep_text() keeps them.
[[nodiscard]] Result<ImageLabels::Texts> bounded(const Annotations& annotations);

/// The texts that all have with the same value. Empty if `all` is empty.
[[nodiscard]] ImageLabels::Texts shared_by_all(const std::vector<ImageLabels::Texts>& all);

/// Reads what an image says of itself: labels, annotations and configs (read_image_config), from its manifest
/// and config. For an index, those of every image that may run: all entries except those of the platform
/// unknown/unknown, which BuildKit uses for attestations and no runtime selects.
///
/// Absent: the manifest does not exist. Unknown, so that the author of the image gains nothing: a config, or
/// an image of an index, that is absent, too large or malformed; an index within an index; more than
/// limits::kLabelledImages. Calls `done` once, on any thread. `source` must outlive the search. All content
/// is requested by digest, and once.
void find_labels(ContentSource& source, const Repository& repository, const Digest& digest, Terms terms,
                 std::function<void(Fact<ImageLabels>)> done);

}  // namespace tegata::verifier
