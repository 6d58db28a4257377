// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/cli/authority_options.h"

namespace tegata::webhook::cli {

/// The root that the options name, read into `trust`; the default root where they name none; none where
/// there is no default either. Misconfigured: options that exclude each other.
[[nodiscard]] Result<std::optional<TrustedRootId>> root_of(const RootOptions& options,
                                                           verifier::TrustMaterial& trust);

}  // namespace tegata::webhook::cli
