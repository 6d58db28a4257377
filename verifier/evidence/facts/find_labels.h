// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "policy/model/deadline.h"
#include "policy/model/image_labels.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

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
