// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";
/// The predicateType that makes a Statement a signature of its subject.
inline constexpr std::string_view kCosignSignPredicate = "https://sigstore.dev/cosign/sign/v1";

/// False only for a well-formed Statement of one other predicateType: an attestation, and no candidate
/// of `signature`. Reads without building a document, however large the predicate is.
[[nodiscard]] bool may_be_image_signature(std::string_view statement);

/// What an in-toto Statement of predicateType kCosignSignPredicate says about one of its subjects.
struct SignStatement {
  std::map<std::string, std::string> annotations;  ///< of that subject, where they are strings
};

/// Reads a Statement as a signature for `image` (in-toto attestation, spec/v1/statement.md): strict
/// JSON without unknown members; `_type` v0.1 or v1; 1 to limits::kStatementSubjects subjects, each
/// with at most limits::kSubjectDigests digests; one whose `sha256` is the image's, in lower case.
/// PayloadMalformed, PayloadOtherType, PayloadOtherImage, TooLarge.
[[nodiscard]] OrRejection<SignStatement> read_sign_statement(std::string_view payload, const Digest& image);

}  // namespace tegata::verifier
