// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tegata::webhook::http {

/// The trace-id of a `traceparent` header: 32 lower-case hex digits, not all zero; a part of `value`. Empty
/// if the value is malformed. Of a version above 00, only what version 00 defines is read (W3C Trace Context,
/// sections 3.2 and 4.3).
[[nodiscard]] std::string_view trace_id_of(std::string_view value) noexcept;

}  // namespace tegata::webhook::http
