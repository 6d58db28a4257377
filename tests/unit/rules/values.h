// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/predicate.h"
#include "policy/model/rfc3339.h"

namespace tegata::policy::testing {

inline Value text(std::string s) { return {std::move(s)}; }
inline Value whole(std::int64_t n) { return {n}; }
inline Value fraction(double n) { return {n}; }
inline Value truth(bool b) { return {b}; }
inline Value list(Value::Array items) { return {std::move(items)}; }
inline Value object(Value::Object members) { return {std::move(members)}; }

/// A time of RFC 3339 that is right.
inline Time when(std::string_view rfc3339) { return read_rfc3339(rfc3339, TimeForm::Lenient).value(); }

}  // namespace tegata::policy::testing
