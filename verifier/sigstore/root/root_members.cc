// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/root_members.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <nlohmann/json_fwd.hpp>

#include "policy/model/limits.h"
#include "policy/model/rfc3339.h"
#include "verifier/crypto/asn1.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {
namespace {

/// The member `validFor` of `object` (protobuf-specs: TimeRange); without it, or without its start
/// or end, unbounded. Malformed: not an object, or not a time.
[[nodiscard]] Result<ValidFor> read_valid_for(const nlohmann::json& object);

Result<std::optional<Time>> read_end(const nlohmann::json& range, std::string_view key, Rounding rounding) {
  TEGATA_TRY(const auto text, string_member(range, key));
  if (!text) return std::optional<Time>();
  const auto time = read_rfc3339(*text, TimeForm::Strict, rounding);
  if (!time) return Error{ErrorCode::Malformed, "validFor holds an invalid time: " + in_quotes(*text)};
  return time;
}

Result<ValidFor> read_valid_for(const nlohmann::json& object) {
  const auto* range = member(object, "validFor");
  if (!range) return ValidFor{};
  if (!range->is_object()) return Error{ErrorCode::Malformed, "validFor is not an object"};
  TEGATA_TRY(const auto start, read_end(*range, "start", Rounding::Up));
  TEGATA_TRY(const auto end, read_end(*range, "end", Rounding::Down));
  return ValidFor{start, end};
}

using nlohmann::json;

Result<Certificate> read_authority(const json& element) {
  TEGATA_TRY(const auto text, string_member(element, "rawBytes"));
  const auto der = text ? decode_base64(*text) : std::nullopt;
  if (!der) return Error{ErrorCode::Malformed, "rawBytes is not base64"};
  return Certificate::parse_der(*der);
}

Result<std::vector<Certificate>> read_chain(const json& authority) {
  const auto* chain = member(authority, "certChain");
  const auto* list = chain ? member(*chain, "certificates") : nullptr;
  if (!list || !list->is_array() || list->empty())
    return Error{ErrorCode::Malformed, "certChain holds no certificates"};
  if (list->size() > limits::kCertificateChain)
    return Error{ErrorCode::LimitExceeded,
                 "certChain holds more than " + std::to_string(limits::kCertificateChain) + " certificates"};
  std::vector<Certificate> certificates;
  for (const json& element : *list) {
    auto certificate = read_authority(element);
    if (!certificate.ok())
      return certificate.error().in("certificates[" + std::to_string(certificates.size()) + "]");
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

}  // namespace

Result<TrustedCertificateAuthority> read_certificate_authority(const json& authority) {
  TEGATA_TRY(auto chain, read_chain(authority));
  TEGATA_TRY(const auto valid, read_valid_for(authority));
  TEGATA_TRY(auto read,
             CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::CodeSigning));
  return TrustedCertificateAuthority{std::move(read), valid};
}

Result<TrustedTimestampAuthority> read_timestamp_authority(const json& authority) {
  TEGATA_TRY(auto chain, read_chain(authority));
  TEGATA_TRY(const auto valid, read_valid_for(authority));
  TEGATA_TRY(auto read, TimestampAuthority::of(std::move(chain)));
  return TrustedTimestampAuthority{std::move(read), valid};
}

namespace {

using namespace std::literals;

// SEQUENCE { OID 1.2.840.113549.1.1.1, NULL }.
constexpr auto kRsaEncryption = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"sv;
constexpr char kSequence = 0x30;
constexpr char kBitString = 0x03;

}  // namespace

std::string rsa_public_key_info(std::string_view pkcs1) {
  const auto no_unused_bits = std::string(1, '\0');
  return der_element(
      kSequence, std::string(kRsaEncryption) + der_element(kBitString, no_unused_bits + std::string(pkcs1)));
}

namespace {

using nlohmann::json;

enum class KeyEncoding { Pkix, Pkcs1 };
/// A supported PublicKeyDetails, and the name of its algorithm in PublicKey.
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

/// The name of an enum value. An unknown name may be a newer algorithm.
Result<std::string> word_member(const json& object, std::string_view key) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  TEGATA_TRY(auto word, string_member(object, key));
  if (!word || word->empty()) return Error::malformed("missing " + std::string(key));
  if (word->find_first_not_of(kLetters) != std::string::npos)
    return Error::malformed(std::string(key) + " is " + in_quotes(*word));
  return *std::move(word);
}

Result<std::string> required_bytes(const json& object, std::string_view key) {
  TEGATA_TRY(const auto text, string_member(object, key));
  if (!text) return Error::malformed("missing " + std::string(key));
  auto bytes = decode_base64(*text);
  if (!bytes || bytes->empty()) return Error::malformed(std::string(key) + " is not base64");
  return *std::move(bytes);
}

/// A required member of a log that is an object.
Result<const json*> object_member(const json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (!value || !value->is_object()) return Error::malformed("missing " + std::string(key));
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

/// The log, if its logId matches its key.
Result<LogKey> named(const json& log, PublicKey key, LogKind kind, std::string origin, ValidFor valid) {
  TEGATA_TRY(const auto* id, object_member(log, "logId"));
  TEGATA_TRY(auto key_id, required_bytes(*id, "keyId"));
  auto note_id = note_key_id(origin, key);
  const bool own = key_id == log_key_id(key) || (kind == LogKind::Transparency && key_id == note_id);
  if (!own) return Error::malformed("logId.keyId is not the id of the log's key");
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
