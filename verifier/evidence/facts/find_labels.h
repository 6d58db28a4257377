// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/image_labels.h"
#include "policy/model/result.h"
#include "verifier/oci/content_source.h"
#include "verifier/oci/manifest.h"

namespace tegata::verifier {

/// The labels in the bytes of an image's config (OCI image-spec, config.md: `config.Labels`). Those with a
/// longer name or value than limits::kLabelText are left out, as nothing asks for them. Malformed: no JSON
/// object as parse_strict_json reads it, or labels that are not text; LimitExceeded above limits::kLabels.
[[nodiscard]] Result<ImageLabels::Texts> labels_in_config(std::string_view config);

/// A manifest's or index's annotations, with the same bounds.
[[nodiscard]] Result<ImageLabels::Texts> bounded(const Annotations& annotations);

/// What each of these has, with one value. None have nothing.
[[nodiscard]] ImageLabels::Texts shared_by_all(const std::vector<ImageLabels::Texts>& all);

/// Reads what the image of this digest says of itself: its manifest, and the config that it names. Of an
/// index, those of each image that may run: all but entries of the platform unknown/unknown, which is how
/// BuildKit lists attestations, and which no runtime chooses.
///
/// Absent: there is no such manifest. Unknown, since whoever made the image must not gain by it: a config or
/// an image of an index that is absent, too large or malformed; an index within an index; more than
/// limits::kLabelledImages. Calls `done` once, on any thread. `source`
/// must outlive the search. Everything is asked for by digest, and once.
void find_labels(ContentSource& source, const Repository& repository, const Digest& digest, Deadline deadline,
                 std::function<void(Fact<ImageLabels>)> done);

}  // namespace tegata::verifier
