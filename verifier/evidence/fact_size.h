// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "policy/model/image_labels.h"
#include "policy/model/signature_facts.h"
#include "verifier/evidence/fact_keys.h"

namespace tegata::verifier {

/// About how many bytes of memory these hold, for the bounds of a cache: their strings and elements,
/// and a flat amount for each allocation's own cost.
[[nodiscard]] std::size_t bytes_of(const TagKey& key);
[[nodiscard]] std::size_t bytes_of(const ImageKey& key);
[[nodiscard]] std::size_t bytes_of(const SignatureKey& key);
[[nodiscard]] std::size_t bytes_of(const ImageLabels& labels);
[[nodiscard]] std::size_t bytes_of(const SignatureFacts& facts);

}  // namespace tegata::verifier
