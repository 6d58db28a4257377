// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/predicate.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A DSSE envelope (secure-systems-lab/dsse, envelope.md), decoded.
struct DsseEnvelope {
  std::string payload_type;
  std::string payload;
  std::vector<std::string> signatures;  ///< `keyid` is ignored: it is not signed
};

/// BundleMalformed: a part is missing, of another type or not base64. TooLarge: more signatures than
/// limits::kEnvelopeSignatures. The caller checks how many there must be.
[[nodiscard]] OrRejection<DsseEnvelope> read_dsse_envelope(const nlohmann::json& envelope);

/// What is signed: `DSSEv1 LEN(type) type LEN(payload) payload` (dsse, protocol.md).
[[nodiscard]] std::string pre_authentication_encoding(std::string_view payload_type,
                                                      std::string_view payload);

/// The content of a simple signing payload (containers/image, docs/containers-signature.5.md; cosign's
/// specs/SIGNATURE_SPEC.md).
struct SimpleSigning {
  std::string docker_reference;
  std::map<std::string, std::string> annotations;  ///< members of `optional` that are strings
};

/// Reads a payload as one for `image`: strict JSON with keys in their exact case; `critical.type` is
/// cosign's; `critical.image.docker-manifest-digest` is the image's digest, byte for byte;
/// `critical.identity.docker-reference` is a string; `optional` is absent, null or an object. Other
/// members are allowed. PayloadMalformed, PayloadOtherType, PayloadOtherImage, TooLarge.
///
/// Does not verify who wrote it: the signature proves that.
[[nodiscard]] OrRejection<SimpleSigning> read_simple_signing(std::string_view payload, const Digest& image);

inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";
/// The predicateType that makes a Statement a signature of its subject.
inline constexpr std::string_view kCosignSignPredicate = "https://sigstore.dev/cosign/sign/v1";

/// The predicateType of a well-formed JSON object that names exactly one. It is not
/// verified, and only decides which authorities the statement concerns. Does not build a document, because
/// predicates may be large.
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

/// Reads a Statement of this predicateType about `image`, by the same rules, and returns its predicate
/// (null if it is absent).
[[nodiscard]] OrRejection<Value> read_attestation(std::string_view payload, std::string_view predicate_type,
                                                  const Digest& image);

/// Checks that a Statement has a subject with this digest under this name (`sha256`, `sha512`), in lower-case
/// hex; for artifacts that are not images. None: it has. Otherwise as above.
[[nodiscard]] std::optional<Rejection> not_about(std::string_view payload, std::string_view algorithm,
                                                 std::string_view hex);

/// Converts a JSON value. Whole numbers are exact if they fit in a signed 64-bit integer; other numbers
/// become double.
[[nodiscard]] Value to_value(const nlohmann::json& value);

}  // namespace tegata::verifier
