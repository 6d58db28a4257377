// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/log_entry_body.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/crypto/work_budget.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

// Every value is base64 or a constant of this program: nothing needs escaping.
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
  if (bare == (member_at(verifier, {"x509Certificate"}) != nullptr)) return body_of_other("the signer");
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
  if (!expected) return body_of_other("the type of the key or of the hash");
  return *expected == body ? Mismatch() : body_of_other("the body");
}

Mismatch differs_from_dsse_v2(const json& body, const LoggedSignature& signature) {
  if (!signature.dsse_payload) return body_of_other("the type of the signature");
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

namespace {

using nlohmann::json;

Mismatch hashedrekord(const json& body, const LoggedSignature& signature) {
  return first_of({differs_in_bytes(body, {"spec", "signature", "content"}, signature.signature),
                   differs_in_signer(body, {"spec", "signature", "publicKey", "content"}, signature),
                   differs_in_message(body, {"spec", "data", "hash"}, signature)});
}

// rekord also holds signatures of PGP, minisign and SSH, which are not supported.
Mismatch rekord(const json& body, const LoggedSignature& signature) {
  if (const auto other = differs_in_text(body, {"spec", "signature", "format"}, "x509"))
    return malformed_body("a rekord of another signature format than x509");
  return hashedrekord(body, signature);
}

Mismatch differs_in_envelope(const json& body, MemberPath path, const LoggedSignature& signature) {
  if (!signature.dsse_envelope) return std::nullopt;
  return differs_in_sha256(body, path, *signature.dsse_envelope);
}

Mismatch dsse(const json& body, const LoggedSignature& signature) {
  if (!signature.dsse_payload) return body_of_other("the type of the signature");
  const json* only = only_element(body, {"spec", "signatures"});
  if (!only) return malformed_body("not exactly one signature");
  return first_of({differs_in_bytes(*only, {"signature"}, signature.signature),
                   differs_in_signer(*only, {"verifier"}, signature),
                   differs_in_sha256(body, {"spec", "payloadHash"}, *signature.dsse_payload),
                   differs_in_envelope(body, {"spec", "envelopeHash"}, signature)});
}

// The body does not hold the signature: only the envelope's hash links them.
Mismatch intoto_001(const json& body, const LoggedSignature& signature) {
  if (!signature.dsse_envelope) return body_of_other("the type of the signature");
  return first_of({differs_in_signer(body, {"spec", "publicKey"}, signature),
                   differs_in_sha256(body, {"spec", "content", "hash"}, *signature.dsse_envelope)});
}

Mismatch intoto_002(const json& body, const LoggedSignature& signature) {
  if (!signature.dsse_payload) return body_of_other("the type of the signature");
  const json* only = only_element(body, {"spec", "content", "envelope", "signatures"});
  if (!only) return malformed_body("not exactly one signature");
  // Rekor stores the base64 text of the signature, encoded in base64 again.
  return first_of({differs_in_bytes(*only, {"sig"}, encode_base64(signature.signature)),
                   differs_in_signer(*only, {"publicKey"}, signature),
                   differs_in_sha256(body, {"spec", "content", "payloadHash"}, *signature.dsse_payload),
                   differs_in_envelope(body, {"spec", "content", "hash"}, signature)});
}

struct Kind {
  std::string_view name;
  std::string_view version;
  RekorApi api;
  Mismatch (*differs)(const json& body, const LoggedSignature& signature);
};

constexpr std::array kKinds = {
    Kind{"hashedrekord", "0.0.1", RekorApi::V1, hashedrekord},
    Kind{"dsse", "0.0.1", RekorApi::V1, dsse},
    Kind{"intoto", "0.0.1", RekorApi::V1, intoto_001},
    Kind{"intoto", "0.0.2", RekorApi::V1, intoto_002},
    Kind{"rekord", "0.0.1", RekorApi::V1, rekord},
    Kind{"dsse", "0.0.2", RekorApi::V2, differs_from_dsse_v2},
};

bool is(const json& body, std::string_view kind, std::string_view version) {
  return !differs_in_text(body, {"kind"}, kind) && !differs_in_text(body, {"apiVersion"}, version);
}

OrRejection<RekorApi> match_body(const json& body, const LogEntry& entry, const LoggedSignature& signature) {
  if (entry.kind && !is(body, *entry.kind, entry.version))
    return malformed_body("another kind or version than in kindVersion");
  if (is(body, "hashedrekord", "0.0.2")) {  // compared as a whole, so not by its members
    if (auto differs = differs_from_hashedrekord_v2(entry.canonicalized_body, signature))
      return *std::move(differs);
    return RekorApi::V2;
  }
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                 [&](const Kind& one) { return is(body, one.name, one.version); });
  if (kind == kKinds.end()) return malformed_body("an unsupported kind or version");
  if (auto differs = kind->differs(body, signature)) return *std::move(differs);
  return kind->api;
}

}  // namespace

OrRejection<RekorApi> match_log_entry(const LogEntry& entry, const LoggedSignature& signature) {
  if (entry.canonicalized_body.size() > limits::kLogEntryBody)
    return reject(RejectionReason::TooLarge, "the log entry's body is too large");
  if (!WorkBudget::take(work::of_json(entry.canonicalized_body.size())))
    return reject(RejectionReason::TooLarge, beyond_the_work_budget());
  const auto body = parse_strict_json(entry.canonicalized_body);
  if (!body.ok()) return reject(RejectionReason::LogEntryMalformed, body.error().in("the log entry's body"));
  if (!body->is_object()) return malformed_body("not an object");
  return match_body(*body, entry, signature);
}

}  // namespace tegata::verifier
