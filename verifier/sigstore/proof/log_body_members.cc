// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/log_entry_body.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

constexpr std::array kKeys = {
    LoggedKey{"ECDSA P-256", HashAlgorithm::Sha256, "PKIX_ECDSA_P256_SHA_256"},
    LoggedKey{"ECDSA P-384", HashAlgorithm::Sha384, "PKIX_ECDSA_P384_SHA_384", true},
    LoggedKey{"ECDSA P-521", HashAlgorithm::Sha512, "PKIX_ECDSA_P521_SHA_512", true},
    LoggedKey{"RSA 2048", HashAlgorithm::Sha256, "PKIX_RSA_PKCS1V15_2048_SHA256"},
    LoggedKey{"RSA 3072", HashAlgorithm::Sha256, "PKIX_RSA_PKCS1V15_3072_SHA256"},
    LoggedKey{"RSA 4096", HashAlgorithm::Sha256, "PKIX_RSA_PKCS1V15_4096_SHA256"},
    // Where only a hash is logged, only Ed25519ph can have signed: its hash is SHA-512.
    LoggedKey{"Ed25519", HashAlgorithm::Sha512, "PKIX_ED25519_PH"},
};

}  // namespace

const LoggedKey* logged_key(std::string_view algorithm) noexcept {
  const auto found = std::find_if(kKeys.begin(), kKeys.end(),
                                  [&](const LoggedKey& key) { return key.algorithm == algorithm; });
  return found == kKeys.end() ? nullptr : &*found;
}

std::string_view v1_name_of(HashAlgorithm hash) noexcept {
  switch (hash) {
    case HashAlgorithm::Sha256:
      return "sha256";
    case HashAlgorithm::Sha384:
      return "sha384";
    case HashAlgorithm::Sha512:
      return "sha512";
  }
  return "";
}

std::string_view v2_name_of(HashAlgorithm hash) noexcept {
  switch (hash) {
    case HashAlgorithm::Sha256:
      return "SHA2_256";
    case HashAlgorithm::Sha384:
      return "SHA2_384";
    case HashAlgorithm::Sha512:
      return "SHA2_512";
  }
  return "";
}

namespace {

using nlohmann::json;

std::string text_of(MemberPath path) {
  std::string text;
  for (const auto step : path) text += (text.empty() ? "" : ".") + std::string(step);
  return text;
}

bool says(const json* value, std::string_view text) {
  return value && value->is_string() && value->get_ref<const std::string&>() == text;
}

/// Rekor stores the PEM as the client sent it, so the decoded content is compared.
bool is_signer(std::string_view pem, const LoggedSignature& signature) {
  const bool bare = signature.certificate_der.empty();
  return decode_pem(pem, bare ? "PUBLIC KEY" : "CERTIFICATE") ==
         std::optional<std::string>(bare ? signature.public_key_der : signature.certificate_der);
}

Mismatch differs_in_hash(const json& object, MemberPath path, HashAlgorithm algorithm,
                         const SignedMessage& message) {
  const json* found = member_at(object, path);
  const json* value = found ? member(*found, "value") : nullptr;
  if (!value || !value->is_string()) return malformed_body(text_of(path) + " is not a hash");
  if (!says(member(*found, "algorithm"), v1_name_of(algorithm)))
    return malformed_body(text_of(path) + " is another hash than " + std::string(v1_name_of(algorithm)));
  const auto digest = message.digest(algorithm);
  if (!digest || !says(value, encode_hex(*digest))) return body_of_other(text_of(path));
  return std::nullopt;
}

}  // namespace

Rejection malformed_body(std::string_view detail) {
  return reject(RejectionReason::LogEntryMalformed, "the log entry's body: " + std::string(detail));
}

Rejection body_of_other(std::string_view what) {
  return reject(RejectionReason::LogEntryOfOther,
                "the log entry is about another signature: " + std::string(what) + " differs");
}

const json* member_at(const json& object, MemberPath path) {
  const json* value = &object;
  for (const auto step : path) {
    value = member(*value, step);
    if (!value) return nullptr;
  }
  return value;
}

const json* only_element(const json& object, MemberPath path) {
  const json* list = member_at(object, path);
  return list && list->is_array() && list->size() == 1 ? &list->front() : nullptr;
}

Mismatch differs_in_text(const json& object, MemberPath path, std::string_view text) {
  const json* found = member_at(object, path);
  if (!found || !found->is_string()) return malformed_body(text_of(path) + " is absent or not a string");
  return says(found, text) ? Mismatch() : body_of_other(text_of(path));
}

Mismatch differs_in_bytes(const json& object, MemberPath path, std::string_view bytes) {
  return differs_in_text(object, path, encode_base64(bytes));
}

Mismatch differs_in_signer(const json& object, MemberPath path, const LoggedSignature& signature) {
  const json* found = member_at(object, path);
  if (!found || !found->is_string()) return malformed_body(text_of(path) + " is absent or not a string");
  const auto pem = decode_base64(found->get_ref<const std::string&>());
  return pem && is_signer(*pem, signature) ? Mismatch() : body_of_other(text_of(path));
}

Mismatch differs_in_sha256(const json& object, MemberPath path, std::string_view bytes) {
  return differs_in_hash(object, path, HashAlgorithm::Sha256, SignedMessage::of_bytes(bytes));
}

Mismatch differs_in_message(const json& object, MemberPath path, const LoggedSignature& signature) {
  const LoggedKey* key = logged_key(signature.key_algorithm);
  HashAlgorithm algorithm = key ? key->hash : HashAlgorithm::Sha256;
  const json* found = member_at(object, path);
  if (key && key->also_sha256 && found && says(member(*found, "algorithm"), "sha256"))
    algorithm = HashAlgorithm::Sha256;
  return differs_in_hash(object, path, algorithm, signature.message);
}

Mismatch first_of(std::initializer_list<Mismatch> mismatches) {
  for (const Mismatch& one : mismatches)
    if (one) return one;
  return std::nullopt;
}

}  // namespace tegata::verifier
