// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/document/reading.h"

namespace tegata::policy {

/// The roots of an authority: its `trustedRoot`, its `roots`, or else the resolver's default. Empty where
/// they cannot be read; then an error was told.
[[nodiscard]] std::optional<TrustedRootId> read_trusted_root(const Reading& reading, const Node& authority);

}  // namespace tegata::policy
