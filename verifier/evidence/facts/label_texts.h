// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "policy/model/image_labels.h"
#include "policy/model/result.h"
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

}  // namespace tegata::verifier
