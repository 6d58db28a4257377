// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/rekor_v2_body.h"

#include <nlohmann/json.hpp>

#include "verifier/crypto/base64.h"
#include "verifier/sigstore/logged_key.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

// Every value below is base64 or one of our own constants: nothing needs escaping.
std::string member_text(std::string_view name, std::string_view value) {
  return "\"" + std::string(name) + "\":\"" + std::string(value) + "\"";
}

std::string verifier_text(const LoggedSignature& signature, const LoggedKey& key) {
  const bool bare = signature.certificate_der.empty();
  const auto der = bare ? signature.public_key_der : signature.certificate_der;
  return "{" + member_text("keyDetails", key.key_details) + ",\"" + (bare ? "publicKey" : "x509Certificate") +
         "\":{" + member_text("rawBytes", encode_base64(der)) + "}}";
}

Mismatch differs_in_v2_signer(const json& verifier, const LoggedSignature& signature) {
  const bool bare = signature.certificate_der.empty();
  if (bare == (member_at(verifier, {"x509Certificate"}) != nullptr)) return body_of_other("who signed it");
  return bare ? differs_in_bytes(verifier, {"publicKey", "rawBytes"}, signature.public_key_der)
              : differs_in_bytes(verifier, {"x509Certificate", "rawBytes"}, signature.certificate_der);
}

}  // namespace

std::optional<std::string> hashedrekord_v2_body(const LoggedSignature& signature) {
  const LoggedKey* key = logged_key(signature.key_algorithm);
  const auto digest = key ? signature.message.digest(key->hash) : std::nullopt;
  if (!digest) return std::nullopt;
  return R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{)" +
         member_text("algorithm", v2_name_of(key->hash)) + "," +
         member_text("digest", encode_base64(*digest)) + R"(},"signature":{)" +
         member_text("content", encode_base64(signature.signature)) + R"(,"verifier":)" +
         verifier_text(signature, *key) + "}}}}";
}

Mismatch differs_from_hashedrekord_v2(std::string_view body, const LoggedSignature& signature) {
  const auto expected = hashedrekord_v2_body(signature);
  if (!expected) return body_of_other("the kind of the key or of the hash");
  return *expected == body ? Mismatch() : body_of_other("the body");
}

Mismatch differs_from_dsse_v2(const json& body, const LoggedSignature& signature) {
  if (!signature.dsse_payload) return body_of_other("the kind of the signature");
  const json* spec = member_at(body, {"spec", "dsseV002"});
  const json* only = spec ? only_element(*spec, {"signatures"}) : nullptr;
  const json* verifier = only ? member_at(*only, {"verifier"}) : nullptr;
  if (!verifier) return malformed_body("no dsseV002 with exactly one signature and its verifier");
  return first_of({differs_in_text(*spec, {"payloadHash", "algorithm"}, v2_name_of(HashAlgorithm::Sha256)),
                   differs_in_bytes(*spec, {"payloadHash", "digest"},
                                    hash(HashAlgorithm::Sha256, *signature.dsse_payload)),
                   differs_in_bytes(*only, {"content"}, signature.signature),
                   differs_in_v2_signer(*verifier, signature)});
}

}  // namespace tegata::verifier
