// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/signed_payload.h"

#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

}  // namespace

OrRejection<DsseEnvelope> read_dsse_envelope(const json& envelope) {
  if (!envelope.is_object()) return malformed_bundle("dsseEnvelope is not an object");
  DsseEnvelope read;
  const auto type = string_member(envelope, "payloadType");
  if (!type.ok() || !*type) return malformed_bundle("the DSSE envelope has no payloadType");
  read.payload_type = **type;
  auto payload = bytes_member(envelope, "payload");
  if (!payload) return malformed_bundle("the DSSE envelope has no payload in base64");
  read.payload = *std::move(payload);
  const json* signatures = member(envelope, "signatures");
  if (!signatures || !signatures->is_array()) return malformed_bundle("the DSSE envelope has no signatures");
  if (signatures->size() > limits::kEnvelopeSignatures)
    return reject(RejectionReason::TooLarge, "the DSSE envelope has too many signatures");
  for (const json& signature : *signatures) {
    auto bytes = bytes_member(signature, "sig");
    if (!bytes) return malformed_bundle("a signature of the DSSE envelope has no sig in base64");
    read.signatures.push_back(*std::move(bytes));
  }
  return read;
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  std::string encoded = "DSSEv1 " + std::to_string(payload_type.size()) + " ";
  encoded += payload_type;
  encoded += " " + std::to_string(payload.size()) + " ";
  encoded += payload;
  return encoded;
}

namespace {

constexpr std::string_view kType = "cosign container image signature";

// The string at critical.<group>.<key>, or nullptr.
const std::string* critical_string(const json& critical, std::string_view group, std::string_view key) {
  const json* object = member(critical, group);
  const json* value = object ? member(*object, key) : nullptr;
  return value && value->is_string() ? value->get_ptr<const std::string*>() : nullptr;
}

}  // namespace

OrRejection<SimpleSigning> read_simple_signing(std::string_view payload, const Digest& image) {
  if (payload.size() > limits::kSimpleSigningPayload)
    return reject(RejectionReason::TooLarge, "the simple signing payload is too large");
  const auto document = parse_strict_json(payload);
  if (!document.ok()) return reject(RejectionReason::PayloadMalformed, document.error());
  const json* critical = member(*document, "critical");
  if (!critical || !critical->is_object()) return malformed_payload("the payload has no object \"critical\"");

  const auto type = string_member(*critical, "type");
  if (!type.ok() || !*type) return malformed_payload("the payload has no critical.type");
  if (**type != kType)
    return reject(RejectionReason::PayloadOtherType, "critical.type is " + in_quotes(**type));

  const auto* digest = critical_string(*critical, "image", "docker-manifest-digest");
  if (!digest) return malformed_payload("the payload has no critical.image.docker-manifest-digest");
  if (*digest != image.text())
    return reject(RejectionReason::PayloadOtherImage, "the payload is about " + in_quotes(*digest));

  const auto* reference = critical_string(*critical, "identity", "docker-reference");
  if (!reference) return malformed_payload("the payload has no critical.identity.docker-reference");

  SimpleSigning read{*reference, {}};
  const json* optional = member(*document, "optional");
  if (!optional) return read;
  if (!optional->is_object())
    return malformed_payload("\"optional\" of the payload is neither null nor an object");
  for (const auto& [key, value] : optional->items())
    if (value.is_string()) read.annotations.emplace(key, value.get_ref<const std::string&>());
  return read;
}

namespace {

using Inside = MemberShape::Inside;

constexpr std::string_view kStatementV01 = "https://in-toto.io/Statement/v0.1";
constexpr std::string_view kStatementV1 = "https://in-toto.io/Statement/v1";

constexpr std::array kSubject = {MemberShape{"name", {}},
                                 MemberShape{"uri", {}},
                                 MemberShape{"content", {}},
                                 MemberShape{"downloadLocation", {}},
                                 MemberShape{"mediaType", {}},
                                 MemberShape{"digest", {}, Inside::Anything},
                                 MemberShape{"annotations", {}, Inside::Anything}};
constexpr std::array kStatement = {MemberShape{"_type", {}}, MemberShape{"subject", kSubject},
                                   MemberShape{"predicateType", {}},
                                   MemberShape{"predicate", {}, Inside::Anything}};

std::optional<Rejection> wrong_type(const json& statement, std::string_view wanted) {
  const auto type = string_member(statement, "_type");
  if (!type.ok() || !*type) return malformed_payload("the statement has no _type");
  if (**type != kStatementV01 && **type != kStatementV1)
    return reject(RejectionReason::PayloadOtherType, "the statement's _type is " + in_quotes(**type));
  const auto predicate = string_member(statement, "predicateType");
  if (!predicate.ok() || !*predicate) return malformed_payload("the statement has no predicateType");
  if (**predicate != wanted)
    return reject(RejectionReason::PayloadOtherType,
                  "the statement's predicateType is " + in_quotes(**predicate));
  return std::nullopt;
}

// Why a subject is malformed. A subject about something else is not an error.
std::optional<Rejection> broken_subject(const json& subject) {
  if (!subject.is_object()) return malformed_payload("a subject of the statement is not an object");
  const json* digests = member(subject, "digest");
  if (!digests) return std::nullopt;
  if (!digests->is_object()) return malformed_payload("a subject's digest is not an object");
  if (digests->size() > limits::kSubjectDigests)
    return reject(RejectionReason::TooLarge, "a subject of the statement has too many digests");
  for (const json& digest : *digests)
    if (!digest.is_string()) return malformed_payload("a subject's digest is not a string");
  return std::nullopt;
}

struct NamedDigest {
  std::string_view algorithm;
  std::string_view hex;
};

bool is_about(const json& subject, const NamedDigest& digest) {
  const json* digests = member(subject, "digest");
  const json* found = digests ? member(*digests, digest.algorithm) : nullptr;
  return found && found->is_string() && found->get_ref<const std::string&>() == digest.hex;
}

OrRejection<SignStatement> annotations_of(const json& subject) {
  SignStatement read;
  const json* annotations = member(subject, "annotations");
  if (!annotations) return read;
  if (!annotations->is_object()) return malformed_payload("a subject's annotations are not an object");
  for (const auto& [key, value] : annotations->items())
    if (value.is_string()) read.annotations.emplace(key, value.get_ref<const std::string&>());
  return read;
}

// The first subject with this digest; all subjects must be well-formed.
OrRejection<const json*> subject_in(const json& statement, const NamedDigest& digest) {
  const json* subjects = member(statement, "subject");
  if (!subjects || !subjects->is_array()) return malformed_payload("the statement has no subjects");
  if (subjects->empty()) return malformed_payload("the statement's list of subjects is empty");
  if (subjects->size() > limits::kStatementSubjects)
    return reject(RejectionReason::TooLarge, "the statement has too many subjects");
  const json* found = nullptr;
  for (const json& subject : *subjects) {
    if (auto broken = broken_subject(subject)) return *std::move(broken);
    if (!found && is_about(subject, digest)) found = &subject;
  }
  if (!found)
    return reject(RejectionReason::PayloadOtherImage, "no subject of the statement has this digest");
  return found;
}

// A well-formed Statement of the wanted predicateType.
OrRejection<json> read_statement(std::string_view payload, std::string_view predicate_type) {
  auto statement = parse_strict_json(payload);
  if (!statement.ok()) return reject(RejectionReason::PayloadMalformed, statement.error());
  if (!statement->is_object()) return malformed_payload("the statement is not an object");
  if (auto wrong = wrong_type(*statement, predicate_type)) return *std::move(wrong);
  if (auto unknown = unknown_member(*statement, kStatement))
    return malformed_payload("the statement has an unknown member: " + *unknown);
  return *std::move(statement);
}

}  // namespace

OrRejection<SignStatement> read_sign_statement(std::string_view payload, const Digest& image) {
  const auto statement = read_statement(payload, kCosignSignPredicate);
  if (const auto* rejection = std::get_if<Rejection>(&statement)) return *rejection;
  const std::string hex = image.hex();
  const auto subject = subject_in(std::get<json>(statement), {"sha256", hex});
  if (const auto* rejection = std::get_if<Rejection>(&subject)) return *rejection;
  return annotations_of(*std::get<const json*>(subject));
}

OrRejection<Value> read_attestation(std::string_view payload, std::string_view predicate_type,
                                    const Digest& image) {
  const auto statement = read_statement(payload, predicate_type);
  if (const auto* rejection = std::get_if<Rejection>(&statement)) return *rejection;
  const std::string hex = image.hex();
  const auto subject = subject_in(std::get<json>(statement), {"sha256", hex});
  if (const auto* rejection = std::get_if<Rejection>(&subject)) return *rejection;
  const json* predicate = member(std::get<json>(statement), "predicate");
  return predicate ? to_value(*predicate) : Value{};
}

std::optional<Rejection> not_about(std::string_view payload, std::string_view algorithm,
                                   std::string_view hex) {
  const auto type = predicate_type_of(payload);
  if (!type) return malformed_payload("the statement does not name one predicateType");
  const auto statement = read_statement(payload, *type);
  if (const auto* rejection = std::get_if<Rejection>(&statement)) return *rejection;
  const auto subject = subject_in(std::get<json>(statement), {algorithm, hex});
  if (const auto* rejection = std::get_if<Rejection>(&subject)) return *rejection;
  return std::nullopt;
}

}  // namespace tegata::verifier
