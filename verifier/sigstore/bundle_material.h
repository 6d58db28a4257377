// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "verifier/sigstore/signing_material.h"

namespace tegata::verifier {

enum class BundleVersion { V01, V02, V03 };

/// Reads a bundle's `verificationMaterial`; see parse_bundle().
[[nodiscard]] OrRejection<SigningMaterial> read_bundle_material(const nlohmann::json& material,
                                                                BundleVersion version);

}  // namespace tegata::verifier
