// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/cosign_bundle.h"

#include <array>
#include <nlohmann/json.hpp>

#include "verifier/crypto/base64.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

constexpr std::array kBundle = {MemberShape{"base64Signature", {}}, MemberShape{"cert", {}},
                                MemberShape{"rekorBundle", {}, MemberShape::Inside::Anything}};

// The certificate's PEM; empty where a public key stands there, which nobody would believe.
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
  // From here on it is what the annotations of a layer are.
  std::map<std::string, std::string> annotations;
  annotations["dev.sigstore.cosign/certificate"] = std::get<std::string>(std::move(certificate));
  if (const json* entry = member(*document, "rekorBundle"))
    annotations["dev.sigstore.cosign/bundle"] = entry->dump();
  return CosignBundle{*std::move(signature), read_material(annotations)};
}

}  // namespace tegata::verifier
