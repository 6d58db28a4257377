// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1.h>

#include <optional>

#include "policy/model/deadline.h"

namespace tegata::verifier {

/// A UTCTime or GeneralizedTime in UTC, to the millisecond below. None: it is not one.
[[nodiscard]] std::optional<Time> time_of(const ASN1_TIME* time);

}  // namespace tegata::verifier
