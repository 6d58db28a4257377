// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/root/trusted_root.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/json/members.h"
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

}  // namespace tegata::verifier
