// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "policy/model/signature_facts.h"

namespace tegata::verifier {

/// A part of a candidate, read; or why the candidate does not count.
template <typename T>
using OrRejection = std::variant<T, Rejection>;

/// A Rejection that does not know yet which candidate it is about.
[[nodiscard]] Rejection reject(RejectionReason reason, std::string detail);
/// BundleMalformed: of a bundle or a DSSE envelope. PayloadMalformed: of what was signed.
[[nodiscard]] Rejection malformed_bundle(std::string detail);
[[nodiscard]] Rejection malformed_payload(std::string detail);
/// From a parser's Error: TooLarge where a bound of limits.h was met, else `malformed`.
[[nodiscard]] Rejection reject(RejectionReason malformed, const Error& error);
[[nodiscard]] Rejection bundle_malformed(std::string detail);
[[nodiscard]] Rejection payload_malformed(std::string detail);
/// Bytes of a candidate for a message: in quotes, and no more of them than a line holds.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace tegata::verifier
