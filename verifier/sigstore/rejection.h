// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "policy/model/printable.h"
#include "policy/model/signature_facts.h"

namespace tegata::verifier {

/// A parsed part of a candidate, or the reason why the candidate does not count.
template <typename T>
using OrRejection = std::variant<T, Rejection>;

/// A Rejection that does not name its candidate yet.
[[nodiscard]] inline Rejection reject(RejectionReason reason, std::string detail) {
  return {reason, std::move(detail), std::nullopt};
}

/// BundleMalformed: a bundle or a DSSE envelope.
[[nodiscard]] inline Rejection malformed_bundle(std::string detail) {
  return reject(RejectionReason::BundleMalformed, std::move(detail));
}

/// PayloadMalformed: the signed content.
[[nodiscard]] inline Rejection malformed_payload(std::string detail) {
  return reject(RejectionReason::PayloadMalformed, std::move(detail));
}

/// From a parser's Error: TooLarge where a bound of limits.h was exceeded, else `malformed`.
[[nodiscard]] inline Rejection reject(RejectionReason malformed, const Error& error) {
  return reject(error.code == ErrorCode::LimitExceeded ? RejectionReason::TooLarge : malformed,
                error.message);
}

/// Text from a candidate, quoted for a message: at most 100 characters of it.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 100;
  return quoted(text, kShown);
}

}  // namespace tegata::verifier
