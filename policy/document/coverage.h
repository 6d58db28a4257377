// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/document/policy_set.h"

namespace tegata::policy {

/// Whether every repository that a glob of `inner` matches is matched by a glob of `outer`; empty
/// lists are every image. Never true where it is not so; it may be false where it is, because one
/// glob must do it: the same text, `**`, or `PREFIX/**` without other stars over what begins with
/// `PREFIX/`.
[[nodiscard]] bool covers_all(const std::vector<ImageGlob>& outer, const std::vector<ImageGlob>& inner);

/// What may run under `policy` and no signature rule looks at: each a place and a name for the
/// images. What may run is what its `allowedRegistries` rules at deny that look at every image
/// admit, or else everything. Signature rules of other policies count where those match everything.
[[nodiscard]] std::vector<std::pair<SourceMark, std::string>> unsigned_images(const PolicySet& set,
                                                                              const Policy& policy);

}  // namespace tegata::policy
