// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifier/evidence/fact_kind.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

/// Every kind of fact that the program knows.
[[nodiscard]] FactKinds fact_kinds(SignatureVerifier verifier, const GatherSettings& settings);

}  // namespace tegata::verifier
