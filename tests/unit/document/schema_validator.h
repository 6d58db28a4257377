// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tegata::policy::testing {

/// What valijson, which knows nothing of our reader, says of a JSON text under json_schema(). Throws
/// where the text is no JSON.
[[nodiscard]] bool schema_accepts(const std::string& json_text);

/// The same with the reason for a refusal.
[[nodiscard]] std::string schema_errors(const std::string& json_text);

}  // namespace tegata::policy::testing
