// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tegata::policy {

/// The predicate type that cosign's `--type` means: its word for one (`vuln`, `slsaprovenance1`), or a URI,
/// which is itself. None: neither.
[[nodiscard]] std::optional<std::string> predicate_type_named(std::string_view word);

}  // namespace tegata::policy
