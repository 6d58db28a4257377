// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// The target of the first link whose relation is `next` in one Link header (RFC 8288, section 3):
/// `<target>; rel="next"`, several separated by commas. None where there is none, or where the
/// header cannot be read that far.
[[nodiscard]] std::optional<std::string> next_link(std::string_view header);

}  // namespace tegata::verifier
