// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root_logs.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "verifier/crypto/base64.h"
#include "verifier/json/members.h"
#include "verifier/sigstore/log_key_id.h"
#include "verifier/sigstore/read_valid_for.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/rsa_public_key.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

enum class KeyEncoding { Pkix, Pkcs1 };
/// A PublicKeyDetails that is read, and how PublicKey calls its keys.
struct Details {
  std::string_view name;
  std::string_view algorithm;
  KeyEncoding encoding = KeyEncoding::Pkix;
};
constexpr std::array kDetails = {Details{"PKIX_ECDSA_P256_SHA_256", "ECDSA P-256"},
                                 Details{"PKIX_ECDSA_P384_SHA_384", "ECDSA P-384"},
                                 Details{"PKIX_ECDSA_P384_SHA_256", "ECDSA P-384"},
                                 Details{"PKIX_ECDSA_P521_SHA_512", "ECDSA P-521"},
                                 Details{"PKIX_ECDSA_P521_SHA_256", "ECDSA P-521"},
                                 Details{"PKIX_ED25519", "Ed25519"},
                                 Details{"PKIX_RSA_PKCS1V15_2048_SHA256", "RSA 2048"},
                                 Details{"PKIX_RSA_PKCS1V15_3072_SHA256", "RSA 3072"},
                                 Details{"PKIX_RSA_PKCS1V15_4096_SHA256", "RSA 4096"},
                                 Details{"PKIX_RSA_PKCS1V5", "RSA "},
                                 Details{"PKCS1_RSA_PKCS1V5", "RSA ", KeyEncoding::Pkcs1}};

/// The word of an enum: one that is not known may be a later algorithm's.
Result<std::string> word_member(const json& object, std::string_view key) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  TEGATA_TRY(auto word, string_member(object, key));
  if (!word || word->empty()) return Error::malformed("there is no " + std::string(key));
  if (word->find_first_not_of(kLetters) != std::string::npos)
    return Error::malformed(std::string(key) + " is " + in_quotes(*word));
  return *std::move(word);
}

Result<std::string> required_bytes(const json& object, std::string_view key) {
  TEGATA_TRY(const auto text, string_member(object, key));
  if (!text) return Error::malformed("there is no " + std::string(key));
  auto bytes = decode_base64(*text);
  if (!bytes || bytes->empty()) return Error::malformed(std::string(key) + " is not base64");
  return *std::move(bytes);
}

/// The part of a log that must be there.
Result<const json*> object_member(const json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (!value || !value->is_object()) return Error::malformed("there is no " + std::string(key));
  return value;
}

Result<PublicKey> read_key(const json& public_key, const Details& details) {
  TEGATA_TRY(auto der, required_bytes(public_key, "rawBytes"));
  if (details.encoding == KeyEncoding::Pkcs1) der = rsa_public_key_info(der);
  TEGATA_TRY(auto key, PublicKey::parse_der(der));
  if (!key.algorithm().starts_with(details.algorithm))
    return Error::malformed("keyDetails is " + std::string(details.name) + ", but the key is " +
                            std::string(key.algorithm()));
  return key;
}

/// The log, if its logId is one that its key has.
Result<LogKey> named(const json& log, PublicKey key, LogKind kind, std::string origin, ValidFor valid) {
  TEGATA_TRY(const auto* id, object_member(log, "logId"));
  TEGATA_TRY(auto key_id, required_bytes(*id, "keyId"));
  auto note_id = note_key_id(origin, key);
  const bool own = key_id == log_key_id(key) || (kind == LogKind::Transparency && key_id == note_id);
  if (!own) return Error::malformed("logId.keyId is not the id of the key beside it");
  return LogKey{std::move(key), std::move(key_id), std::move(origin), valid, std::move(note_id)};
}

}  // namespace

Result<std::optional<LogKey>> read_root_log(const json& log, LogKind kind) {
  TEGATA_TRY(const auto* public_key, object_member(log, "publicKey"));
  TEGATA_TRY(const auto hash, word_member(log, "hashAlgorithm"));
  TEGATA_TRY(const auto word, word_member(*public_key, "keyDetails"));
  TEGATA_TRY(const auto url, string_member(log, "baseUrl"));
  TEGATA_TRY(const auto valid, read_valid_for(*public_key));
  const auto details = std::ranges::find(kDetails, word, &Details::name);
  if (hash != "SHA2_256" || details == kDetails.end()) return std::optional<LogKey>();
  TEGATA_TRY(auto key, read_key(*public_key, *details));
  TEGATA_TRY(auto read, named(log, std::move(key), kind, log_origin(url.value_or("")), valid));
  return std::optional(std::move(read));
}

}  // namespace tegata::verifier
