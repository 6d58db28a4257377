// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/trusted_root.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/message_members.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/root/root_members.h"

namespace tegata::verifier {
namespace {

/// The members of trusted_root.json, in lowerCamelCase (protobuf-specs: sigstore_trustroot.proto,
/// sigstore_common.proto).
namespace trusted_root_shape {

inline constexpr std::array kValidFor = {MemberShape{"start", {}}, MemberShape{"end", {}}};
inline constexpr std::array kPublicKey = {MemberShape{"rawBytes", {}}, MemberShape{"keyDetails", {}},
                                          MemberShape{"validFor", kValidFor}};
inline constexpr std::array kLogId = {MemberShape{"keyId", {}}};
inline constexpr std::array kLog = {MemberShape{"baseUrl", {}},   MemberShape{"hashAlgorithm", {}},
                                    MemberShape{"logId", kLogId}, MemberShape{"publicKey", kPublicKey},
                                    MemberShape{"operator", {}},  MemberShape{"checkpointKeyId", kLogId}};

inline constexpr std::array kSubject = {MemberShape{"organization", {}}, MemberShape{"commonName", {}}};
inline constexpr std::array kCertificate = {MemberShape{"rawBytes", {}}};
inline constexpr std::array kChain = {MemberShape{"certificates", kCertificate}};
inline constexpr std::array kAuthority = {MemberShape{"subject", kSubject}, MemberShape{"uri", {}},
                                          MemberShape{"certChain", kChain},
                                          MemberShape{"validFor", kValidFor}, MemberShape{"operator", {}}};

inline constexpr std::array kTrustedRoot = {
    MemberShape{"mediaType", {}}, MemberShape{"tlogs", kLog}, MemberShape{"ctlogs", kLog},
    MemberShape{"certificateAuthorities", kAuthority}, MemberShape{"timestampAuthorities", kAuthority}};

}  // namespace trusted_root_shape

using nlohmann::json;

constexpr std::array<std::string_view, 3> kRootMediaTypes = {
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json"};

Status check_document(const json& document) {
  if (!document.is_object()) return Error::malformed("a trusted root must be a JSON object");
  if (const auto unknown = unknown_member(document, trusted_root_shape::kTrustedRoot))
    return Error::malformed("unknown member in the trusted root: " + *unknown);
  TEGATA_TRY(const auto media_type, string_member(document, "mediaType"));
  if (!media_type) return Error::malformed("not a trusted root: mediaType is missing");
  if (std::ranges::find(kRootMediaTypes, *media_type) == kRootMediaTypes.end())
    return Error::malformed("unsupported trusted root: its mediaType is " + in_quotes(*media_type));
  return done();
}

/// Every element of the list `key`, as `read` reads it; a list that is absent is empty.
template <typename Read>
Status read_list(const json& document, const std::string& key, Read read) {
  const auto* list = member(document, key);
  if (!list) return done();
  if (!list->is_array()) return Error::malformed(key + " is not a list");
  if (list->size() > limits::kTrustedRootEntries)
    return Error{ErrorCode::LimitExceeded,
                 key + " has more than " + std::to_string(limits::kTrustedRootEntries) + " entries"};
  for (std::size_t i = 0; i < list->size(); ++i)
    if (const Status status = read((*list)[i]); !status.ok())
      return status.error().in(key + "[" + std::to_string(i) + "]");
  return done();
}

auto into(std::vector<LogKey>& logs, LogKind kind) {
  return [&logs, kind](const json& element) -> Status {
    TEGATA_TRY(auto log, read_root_log(element, kind));
    if (log) logs.push_back(*std::move(log));
    return done();
  };
}

template <typename Authority>
auto into(std::vector<Authority>& authorities, Result<Authority> (*read)(const json&)) {
  return [&authorities, read](const json& element) -> Status {
    TEGATA_TRY(auto authority, read(element));
    authorities.push_back(std::move(authority));
    return done();
  };
}

TrustedRootId id_of(std::string_view text) {
  Sha256 hash;
  hash.add("tegata trusted root, JSON\n");
  hash.add(text);
  return hash.finish();
}

}  // namespace

Result<TrustedRoot> parse_trusted_root(std::string_view text) {
  if (text.size() > limits::kTrustedRoot)
    return Error{ErrorCode::LimitExceeded,
                 "a trusted root has at most " + std::to_string(limits::kTrustedRoot) + " bytes"};
  TEGATA_TRY(json document, parse_strict_json(text));
  if (const auto twice = use_json_names(document, trusted_root_shape::kTrustedRoot))
    return Error::malformed("duplicate key: " + *twice + ", under both names of the field");
  TEGATA_CHECK(check_document(document));
  TrustedRoot root{{}, {}, {}, {}, id_of(text)};
  TEGATA_CHECK(read_list(document, "tlogs", into(root.transparency_logs, LogKind::Transparency)));
  TEGATA_CHECK(
      read_list(document, "ctlogs", into(root.certificate_timestamp_logs, LogKind::CertificateTimestamps)));
  TEGATA_CHECK(read_list(document, "certificateAuthorities",
                         into(root.certificate_authorities, &read_certificate_authority)));
  TEGATA_CHECK(read_list(document, "timestampAuthorities",
                         into(root.timestamp_authorities, &read_timestamp_authority)));
  return root;
}

namespace {

using namespace std::literals;

constexpr std::size_t kEd25519KeyBytes = 32;

std::string raw(const Digest& digest) {
  const auto& bytes = digest.bytes();
  return {bytes.begin(), bytes.end()};
}

std::string note_hash(std::string_view origin, std::string_view algorithm, std::string_view key) {
  Sha256 hash;
  hash.add(origin);
  hash.add("\n");
  hash.add(algorithm);
  hash.add(key);
  return raw(hash.finish());
}

}  // namespace

std::string log_origin(std::string_view base_url) {
  const auto scheme = base_url.find("://");
  if (scheme == std::string_view::npos) return {};
  base_url.remove_prefix(scheme + 3);
  base_url = base_url.substr(0, base_url.find_first_of("/?#"));
  if (const auto user = base_url.rfind('@'); user != std::string_view::npos) base_url.remove_prefix(user + 1);
  if (base_url.starts_with('[')) return std::string(base_url.substr(1, base_url.find(']') - 1));
  return std::string(base_url.substr(0, base_url.find(':')));
}

std::string log_key_id(const PublicKey& key) { return raw(key.id()); }

std::string note_key_id(std::string_view origin, const PublicKey& key) {
  const std::string_view spki = key.der();
  if (origin.empty()) return log_key_id(key);
  if (key.algorithm() == "Ed25519") {
    // The raw key is the last 32 bytes of its SubjectPublicKeyInfo (RFC 8410, section 4).
    return note_hash(origin, "\x01"sv, spki.substr(spki.size() - kEd25519KeyBytes));
  }
  if (key.algorithm().starts_with("RSA")) return note_hash(origin, "\xffPKIX-RSA-PKCS#1v1.5"sv, spki);
  return log_key_id(key);
}

}  // namespace tegata::verifier
