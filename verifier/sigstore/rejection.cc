// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/rejection.h"

#include "policy/model/printable.h"

namespace tegata::verifier {

Rejection reject(RejectionReason reason, std::string detail) {
  return {reason, std::move(detail), std::nullopt};
}

Rejection malformed_bundle(std::string detail) {
  return reject(RejectionReason::BundleMalformed, std::move(detail));
}

Rejection malformed_payload(std::string detail) {
  return reject(RejectionReason::PayloadMalformed, std::move(detail));
}

Rejection reject(RejectionReason malformed, const Error& error) {
  return reject(error.code == ErrorCode::LimitExceeded ? RejectionReason::TooLarge : malformed,
                error.message);
}

Rejection bundle_malformed(std::string detail) {
  return reject(RejectionReason::BundleMalformed, std::move(detail));
}

Rejection payload_malformed(std::string detail) {
  return reject(RejectionReason::PayloadMalformed, std::move(detail));
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 100;
  return quoted(text, kShown);
}

}  // namespace tegata::verifier
