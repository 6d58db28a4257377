// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/deployment_request.h"

namespace tegata::webhook::cli {

/// What a reading is about, in one line: an object and its place, or why there is none. Bytes from
/// outside are escaped.
[[nodiscard]] std::string subject_of(const Reading& reading);

}  // namespace tegata::webhook::cli
