// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/bundle.h"

#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/bundle_shape.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

enum class Version { V01, V02, V03 };

struct MediaType {
  std::string_view text;
  Version version;
};
constexpr std::array kMediaTypes = {
    MediaType{"application/vnd.dev.sigstore.bundle.v0.3+json", Version::V03},
    MediaType{"application/vnd.dev.sigstore.bundle+json;version=0.3", Version::V03},
    MediaType{"application/vnd.dev.sigstore.bundle+json;version=0.2", Version::V02},
    MediaType{"application/vnd.dev.sigstore.bundle+json;version=0.1", Version::V01}};

Rejection malformed(std::string detail) {
  return reject(RejectionReason::BundleMalformed, std::move(detail));
}

OrRejection<Version> version_of(const json& bundle) {
  const auto text = string_member(bundle, "mediaType");
  if (!text.ok() || !*text) return malformed("the bundle has no mediaType");
  for (const auto& known : kMediaTypes)
    if (known.text == **text) return known.version;
  return malformed("the bundle's mediaType is " + in_quotes(**text));
}

// The elements of an array that may be absent; nullptr where something else stands there.
const json* list_member(const json& object, std::string_view key) {
  static const json kNone = json::array();
  const json* value = member(object, key);
  if (!value) return &kNone;
  return value->is_array() ? value : nullptr;
}

bool has_checkpoint(const json& entry) {
  const json* proof = member(entry, "inclusionProof");
  const json* checkpoint = proof ? member(*proof, "checkpoint") : nullptr;
  const json* envelope = checkpoint ? member(*checkpoint, "envelope") : nullptr;
  return envelope && envelope->is_string() && !envelope->get_ref<const std::string&>().empty();
}

std::optional<Rejection> broken_log_entries(const json& material, Version version) {
  const json* entries = list_member(material, "tlogEntries");
  if (!entries) return malformed("tlogEntries is not an array");
  if (entries->size() > limits::kBundleLogEntries)
    return reject(RejectionReason::TooLarge, "the bundle has too many log entries");
  for (const json& entry : *entries) {
    if (!entry.is_object()) return malformed("a log entry is not an object");
    if (version == Version::V01 && !member(entry, "inclusionPromise"))
      return malformed("a log entry of a v0.1 bundle has no inclusion promise");
    if (version != Version::V01 && !has_checkpoint(entry))
      return malformed("a log entry has no inclusion proof with a checkpoint");
  }
  return std::nullopt;
}

std::optional<Rejection> broken_timestamps(const json& material) {
  const json* data = member(material, "timestampVerificationData");
  if (!data) return std::nullopt;
  const json* timestamps = data->is_object() ? list_member(*data, "rfc3161Timestamps") : nullptr;
  if (!timestamps) return malformed("timestampVerificationData holds no list of timestamps");
  if (timestamps->size() > limits::kBundleTimestamps)
    return reject(RejectionReason::TooLarge, "the bundle has too many timestamps");
  return std::nullopt;
}

OrRejection<Bundle::SignedWith> signer_of(const json& material, Version version) {
  const json* key = member(material, "publicKey");
  const json* certificate = member(material, "certificate");
  const json* chain = member(material, "x509CertificateChain");
  if ((key != nullptr) + (certificate != nullptr) + (chain != nullptr) != 1)
    return malformed("the bundle must hold exactly one of publicKey, certificate and x509CertificateChain");
  if (chain && version == Version::V03) return malformed("a v0.3 bundle must not hold x509CertificateChain");
  for (const json* value : {key, certificate, chain})
    if (value && !value->is_object()) return malformed("the bundle's key or certificate is not an object");
  if (key && !string_member(*key, "hint").ok()) return malformed("the public key's hint is not a string");
  return key ? Bundle::SignedWith::PublicKey : Bundle::SignedWith::Certificate;
}

OrRejection<Bundle::SignedWith> check_material(const json& bundle, Version version) {
  const json* material = member(bundle, "verificationMaterial");
  if (!material || !material->is_object()) return malformed("the bundle has no verificationMaterial");
  if (auto broken = broken_log_entries(*material, version)) return *std::move(broken);
  if (auto broken = broken_timestamps(*material)) return *std::move(broken);
  return signer_of(*material, version);
}

OrRejection<std::optional<DsseEnvelope>> content_of(const json& bundle) {
  const json* message = member(bundle, "messageSignature");
  const json* envelope = member(bundle, "dsseEnvelope");
  if ((message == nullptr) == (envelope == nullptr))
    return malformed("the bundle must hold exactly one of messageSignature and dsseEnvelope");
  if (message) {
    if (!message->is_object()) return malformed("messageSignature is not an object");
    return std::optional<DsseEnvelope>();
  }
  auto read = read_dsse_envelope(*envelope);
  if (auto* rejection = std::get_if<Rejection>(&read)) return std::move(*rejection);
  auto& dsse = std::get<DsseEnvelope>(read);
  if (dsse.signatures.size() != 1)
    return malformed("a bundle's DSSE envelope must have exactly one signature, this one has " +
                     std::to_string(dsse.signatures.size()));
  return std::optional(std::move(dsse));
}

}  // namespace

OrRejection<Bundle> parse_bundle(std::string_view text) {
  if (text.size() > limits::kBundle)
    return reject(RejectionReason::TooLarge, "the bundle is larger than a bundle may be");
  const auto document = parse_strict_json(text);
  if (!document.ok()) return reject(RejectionReason::BundleMalformed, document.error());
  if (!document->is_object()) return malformed("the bundle is not an object");
  if (auto unknown = unknown_member(*document, bundle_shape::kBundle))
    return malformed("the bundle has an unknown member: " + *unknown);

  const auto version = version_of(*document);
  if (const auto* rejection = std::get_if<Rejection>(&version)) return *rejection;
  const auto signer = check_material(*document, std::get<Version>(version));
  if (const auto* rejection = std::get_if<Rejection>(&signer)) return *rejection;
  auto content = content_of(*document);
  if (auto* rejection = std::get_if<Rejection>(&content)) return std::move(*rejection);
  return Bundle{std::get<Bundle::SignedWith>(signer),
                std::get<std::optional<DsseEnvelope>>(std::move(content))};
}

}  // namespace tegata::verifier
