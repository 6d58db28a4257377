// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/reason.h"

namespace tegata::webhook::kubernetes {

/// The reason in a few words, for the first line of a denial: `it has no signature`.
[[nodiscard]] std::string_view words_of(Reason reason) noexcept;

}  // namespace tegata::webhook::kubernetes
