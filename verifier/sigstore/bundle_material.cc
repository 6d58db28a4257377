// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/bundle_material.h"

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

// The elements of an array that may be absent; nullptr where something else stands there.
const json* list_member(const json& object, std::string_view key) {
  static const json kNone = json::array();
  const json* value = member(object, key);
  if (!value) return &kNone;
  return value->is_array() ? value : nullptr;
}

OrRejection<std::vector<LogEntry>> read_log_entries(const json& material, BundleVersion version) {
  const json* entries = list_member(material, "tlogEntries");
  if (!entries) return malformed_bundle("tlogEntries is not an array");
  if (entries->size() > limits::kBundleLogEntries)
    return reject(RejectionReason::TooLarge, "the bundle has too many log entries");
  std::vector<LogEntry> read;
  for (const json& each : *entries) {
    auto entry = read_log_entry(each);
    if (auto* rejection = std::get_if<Rejection>(&entry)) return std::move(*rejection);
    auto& good = std::get<LogEntry>(entry);
    if (version == BundleVersion::V01 && !good.promise)
      return malformed_bundle("a log entry of a v0.1 bundle has no inclusion promise");
    if (version != BundleVersion::V01 && (!good.proof || good.proof->checkpoint.empty()))
      return malformed_bundle("a log entry has no inclusion proof with a checkpoint");
    read.push_back(std::move(good));
  }
  return read;
}

OrRejection<std::vector<std::string>> read_timestamps(const json& material) {
  const json* holder = member(material, "timestampVerificationData");
  if (!holder) return std::vector<std::string>();
  const json* list = holder->is_object() ? list_member(*holder, "rfc3161Timestamps") : nullptr;
  if (!list) return malformed_bundle("timestampVerificationData holds no list of timestamps");
  if (list->size() > limits::kBundleTimestamps)
    return reject(RejectionReason::TooLarge, "the bundle has too many timestamps");
  std::vector<std::string> read;
  for (const json& each : *list) {
    auto der = each.is_object() ? bytes_member(each, "signedTimestamp") : std::nullopt;
    if (!der) return malformed_bundle("a timestamp has no signedTimestamp in base64");
    read.push_back(*std::move(der));
  }
  return read;
}

OrRejection<Certificate> read_certificate(const json& value) {
  const auto der = value.is_object() ? bytes_member(value, "rawBytes") : std::nullopt;
  if (!der) return malformed_bundle("a certificate has no rawBytes in base64");
  auto certificate = Certificate::parse_der(*der);
  if (!certificate.ok()) return reject(RejectionReason::CertificateMalformed, certificate.error());
  return *std::move(certificate);
}

std::optional<Rejection> add_chain(const json& chain, SigningMaterial& material) {
  const json* list = chain.is_object() ? list_member(chain, "certificates") : nullptr;
  if (!list || list->empty()) return malformed_bundle("x509CertificateChain holds no certificates");
  if (list->size() > limits::kCertificateChain)
    return reject(RejectionReason::TooLarge, "the bundle's certificate chain is too long");
  std::vector<Certificate> intermediates;
  for (const json& each : *list) {
    auto read = read_certificate(each);
    if (auto* rejection = std::get_if<Rejection>(&read)) return std::move(*rejection);
    auto& certificate = std::get<Certificate>(read);
    // A root in the material would be one that its sender chose.
    if (certificate.is_self_issued()) return malformed_bundle("the bundle's certificate chain holds a root");
    if (&each == &list->front())
      material.certificate = std::optional(std::move(certificate));
    else
      intermediates.push_back(std::move(certificate));
  }
  material.intermediates = std::move(intermediates);
  return std::nullopt;
}

std::optional<Rejection> add_signer(const json& from, BundleVersion version, SigningMaterial& material) {
  const json* key = member(from, "publicKey");
  const json* certificate = member(from, "certificate");
  const json* chain = member(from, "x509CertificateChain");
  if ((key != nullptr) + (certificate != nullptr) + (chain != nullptr) != 1)
    return malformed_bundle(
        "the bundle must hold exactly one of publicKey, certificate and x509CertificateChain");
  if (chain && version == BundleVersion::V03)
    return malformed_bundle("a v0.3 bundle must not hold x509CertificateChain");
  if (key && (!key->is_object() || !string_member(*key, "hint").ok()))
    return malformed_bundle("the public key's hint is not a string");
  if (chain) return add_chain(*chain, material);
  if (!certificate) return std::nullopt;
  auto read = read_certificate(*certificate);
  if (auto* rejection = std::get_if<Rejection>(&read)) return std::move(*rejection);
  material.certificate = std::optional(std::get<Certificate>(std::move(read)));
  return std::nullopt;
}

}  // namespace

OrRejection<SigningMaterial> read_bundle_material(const json& from, BundleVersion version) {
  SigningMaterial material;
  material.log_entries = read_log_entries(from, version);
  if (const auto* rejection = std::get_if<Rejection>(&material.log_entries)) return *rejection;
  material.timestamps = read_timestamps(from);
  if (const auto* rejection = std::get_if<Rejection>(&material.timestamps)) return *rejection;
  if (auto rejection = add_signer(from, version, material)) return *std::move(rejection);
  return material;
}

}  // namespace tegata::verifier
