// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/predicate.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";
/// The predicateType that makes a Statement a signature of its subject.
inline constexpr std::string_view kCosignSignPredicate = "https://sigstore.dev/cosign/sign/v1";

/// The predicateType of a well-formed JSON object that names exactly one: whom it concerns, before
/// anybody vouched for it. Reads without building a document, however large the predicate is.
[[nodiscard]] std::optional<std::string> predicate_type_of(std::string_view statement);

/// What an in-toto Statement of predicateType kCosignSignPredicate says about one of its subjects.
struct SignStatement {
  std::map<std::string, std::string> annotations;  ///< of that subject, where they are strings
};

/// Reads a Statement as a signature for `image` (in-toto attestation, spec/v1/statement.md): strict
/// JSON without unknown members; `_type` v0.1 or v1; 1 to limits::kStatementSubjects subjects, each
/// with at most limits::kSubjectDigests digests; one whose `sha256` is the image's, in lower case.
/// PayloadMalformed, PayloadOtherType, PayloadOtherImage, TooLarge.
[[nodiscard]] OrRejection<SignStatement> read_sign_statement(std::string_view payload, const Digest& image);

/// Reads a Statement of this predicateType about `image`, by the same rules, and gives its predicate
/// (null where there is none).
[[nodiscard]] OrRejection<Value> read_attestation(std::string_view payload, std::string_view predicate_type,
                                                  const Digest& image);

/// Whether a Statement has a subject with this digest under this name (`sha256`, `sha512`), in lower-case
/// hex; for artifacts that are no images. Else the same rejections.
[[nodiscard]] std::optional<Rejection> not_about(std::string_view payload, std::string_view algorithm,
                                                 std::string_view hex);

/// The same value without a JSON library. Whole numbers stay exact within 64 bits with sign; above
/// that, and with a fraction, they are double.
[[nodiscard]] Value to_value(const nlohmann::json& value);

}  // namespace tegata::verifier
