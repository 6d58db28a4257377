// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/signing_material.h"

#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using Annotations = std::map<std::string, std::string>;

// Absent and empty are the same: cosign writes empty annotations.
const std::string* annotation(const Annotations& annotations, const char* name) {
  const auto found = annotations.find(name);
  return found == annotations.end() || found->second.empty() ? nullptr : &found->second;
}

OrRejection<std::optional<Certificate>> read_leaf(const std::string& pem) {
  auto certificates = Certificate::parse_pem(pem);
  if (!certificates.ok()) return reject(RejectionReason::CertificateMalformed, certificates.error());
  if (certificates->size() != 1)
    return reject(
        RejectionReason::CertificateMalformed,
        "the certificate annotation holds " + std::to_string(certificates->size()) + " certificates");
  return std::optional(std::move(certificates->front()));
}

OrRejection<std::vector<Certificate>> read_chain(const std::string& pem) {
  auto certificates = Certificate::parse_pem(pem);
  if (!certificates.ok()) return reject(RejectionReason::CertificateMalformed, certificates.error());
  return *std::move(certificates);
}

OrRejection<std::vector<LogEntry>> read_entry(const std::string& text) {
  auto entry = read_log_annotation(text);
  if (auto* rejection = std::get_if<Rejection>(&entry)) return std::move(*rejection);
  std::vector<LogEntry> entries;
  entries.push_back(std::get<LogEntry>(std::move(entry)));
  return entries;
}

OrRejection<std::vector<std::string>> read_timestamp(const std::string& text) {
  const auto wrong = [] {
    return reject(RejectionReason::TimestampInvalid,
                  "the timestamp annotation is not an object with SignedRFC3161Timestamp in base64");
  };
  const auto document = parse_strict_json(text);
  if (!document.ok()) return reject(RejectionReason::TimestampInvalid, document.error());
  const auto encoded = string_member(*document, "SignedRFC3161Timestamp");
  if (!document->is_object() || !encoded.ok() || !*encoded) return wrong();
  auto der = decode_base64(**encoded);
  if (!der) return wrong();
  return std::vector{*std::move(der)};
}

}  // namespace

SigningMaterial read_material(const Annotations& annotations) {
  SigningMaterial material;
  if (const auto* pem = annotation(annotations, "dev.sigstore.cosign/certificate"))
    material.certificate = read_leaf(*pem);
  if (const auto* pem = annotation(annotations, "dev.sigstore.cosign/chain"))
    material.intermediates = read_chain(*pem);
  if (const auto* text = annotation(annotations, "dev.sigstore.cosign/bundle"))
    material.log_entries = read_entry(*text);
  if (const auto* text = annotation(annotations, "dev.sigstore.cosign/rfc3161timestamp"))
    material.timestamps = read_timestamp(*text);
  return material;
}

namespace {

using nlohmann::json;

constexpr std::array kBundle = {MemberShape{"base64Signature", {}}, MemberShape{"cert", {}},
                                MemberShape{"rekorBundle", {}, MemberShape::Inside::Anything}};

// The certificate's PEM; empty for a public key, which must not be trusted.
OrRejection<std::string> read_pem(const json& document) {
  const auto text = string_member(document, "cert");
  if (!text.ok()) return malformed_bundle("cert is not a string");
  if (!*text) return std::string();
  auto pem = decode_base64(**text).value_or(**text);
  if (pem.starts_with("-----BEGIN PUBLIC KEY-----")) return std::string();
  return pem;
}

}  // namespace

bool is_cosign_bundle(std::string_view text) {
  const auto document = parse_strict_json(text);
  return document.ok() && member(*document, "base64Signature") != nullptr;
}

OrRejection<CosignBundle> read_cosign_bundle(std::string_view text) {
  const auto document = parse_strict_json(text);
  if (!document.ok()) return reject(RejectionReason::BundleMalformed, document.error());
  if (!document->is_object()) return malformed_bundle("the bundle is not an object");
  if (auto unknown = unknown_member(*document, kBundle))
    return malformed_bundle("the bundle has an unknown member: " + *unknown);
  const auto encoded = string_member(*document, "base64Signature");
  if (!encoded.ok() || !*encoded) return malformed_bundle("base64Signature is not a string");
  auto signature = decode_base64(**encoded);
  if (!signature) return reject(RejectionReason::SignatureMalformed, "base64Signature is not base64");
  auto certificate = read_pem(*document);
  if (auto* rejection = std::get_if<Rejection>(&certificate)) return std::move(*rejection);
  // The rest is the same as the annotations of a layer.
  std::map<std::string, std::string> annotations;
  annotations["dev.sigstore.cosign/certificate"] = std::get<std::string>(std::move(certificate));
  if (const json* entry = member(*document, "rekorBundle"))
    annotations["dev.sigstore.cosign/bundle"] = entry->dump();
  return CosignBundle{*std::move(signature), read_material(annotations)};
}

}  // namespace tegata::verifier
