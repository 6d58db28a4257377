// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/candidate/bundle.h"

#include <array>
#include <nlohmann/json.hpp>
#include <nlohmann/json_fwd.hpp>

#include "policy/model/limits.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/message_members.h"

namespace tegata::verifier {
namespace {

enum class BundleVersion { V01, V02, V03 };

/// Reads a bundle's `verificationMaterial`; see parse_bundle().
[[nodiscard]] OrRejection<SigningMaterial> read_bundle_material(const nlohmann::json& material,
                                                                BundleVersion version);

using nlohmann::json;

// The elements of an array that may be absent; nullptr if it is not an array.
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
  if (!list) return malformed_bundle("timestampVerificationData does not hold a list of timestamps");
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
    // A root in the material is chosen by the sender and must not be trusted.
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

OrRejection<SigningMaterial> read_bundle_material(const json& from, BundleVersion version) {
  SigningMaterial material;
  material.log_entries = read_log_entries(from, version);
  if (const auto* rejection = std::get_if<Rejection>(&material.log_entries)) return *rejection;
  material.timestamps = read_timestamps(from);
  if (const auto* rejection = std::get_if<Rejection>(&material.timestamps)) return *rejection;
  if (auto rejection = add_signer(from, version, material)) return *std::move(rejection);
  return material;
}

using nlohmann::json;

struct MediaType {
  std::string_view text;
  BundleVersion version;
};
constexpr std::array kMediaTypes = {
    MediaType{"application/vnd.dev.sigstore.bundle.v0.3+json", BundleVersion::V03},
    MediaType{"application/vnd.dev.sigstore.bundle+json;version=0.3", BundleVersion::V03},
    MediaType{"application/vnd.dev.sigstore.bundle+json;version=0.2", BundleVersion::V02},
    MediaType{"application/vnd.dev.sigstore.bundle+json;version=0.1", BundleVersion::V01}};

struct MessageHash {
  std::string_view text;
  HashAlgorithm algorithm;
  std::size_t bytes;
};
constexpr std::array kMessageHashes = {MessageHash{"SHA2_256", HashAlgorithm::Sha256, 32},
                                       MessageHash{"SHA2_384", HashAlgorithm::Sha384, 48},
                                       MessageHash{"SHA2_512", HashAlgorithm::Sha512, 64}};

OrRejection<BundleVersion> version_of(const json& bundle) {
  const auto text = string_member(bundle, "mediaType");
  if (!text.ok() || !*text) return malformed_bundle("the bundle has no mediaType");
  for (const auto& known : kMediaTypes)
    if (known.text == **text) return known.version;
  return malformed_bundle("the bundle's mediaType is " + in_quotes(**text));
}

OrRejection<DsseEnvelope> envelope_of(const json& value) {
  auto read = read_dsse_envelope(value);
  if (auto* dsse = std::get_if<DsseEnvelope>(&read); dsse && dsse->signatures.size() != 1)
    return malformed_bundle("a bundle's DSSE envelope must have exactly one signature, this one has " +
                            std::to_string(dsse->signatures.size()));
  return read;
}

OrRejection<MessageSignature> message_of(const json& value) {
  if (!value.is_object()) return malformed_bundle("messageSignature is not an object");
  const json* claimed = member(value, "messageDigest");
  if (!claimed || !claimed->is_object()) return malformed_bundle("messageSignature has no messageDigest");
  const auto name = string_member(*claimed, "algorithm");
  auto digest = bytes_member(*claimed, "digest");
  auto signature = bytes_member(value, "signature");
  if (!name.ok() || !*name || !digest) return malformed_bundle("messageDigest has no algorithm and digest");
  if (!signature || signature->empty())
    return malformed_bundle("messageSignature has no signature in base64");
  for (const auto& known : kMessageHashes)
    if (known.text == **name && known.bytes == digest->size())
      return MessageSignature{known.algorithm, *std::move(digest), *std::move(signature)};
  return malformed_bundle("messageDigest does not have the length of " + in_quotes(**name));
}

OrRejection<std::variant<DsseEnvelope, MessageSignature>> content_of(const json& bundle) {
  using Content = std::variant<DsseEnvelope, MessageSignature>;
  const json* message = member(bundle, "messageSignature");
  const json* envelope = member(bundle, "dsseEnvelope");
  if ((message == nullptr) == (envelope == nullptr))
    return malformed_bundle("the bundle must hold exactly one of messageSignature and dsseEnvelope");
  if (message) {
    auto read = message_of(*message);
    if (auto* rejection = std::get_if<Rejection>(&read)) return std::move(*rejection);
    return Content(std::get<MessageSignature>(std::move(read)));
  }
  auto read = envelope_of(*envelope);
  if (auto* rejection = std::get_if<Rejection>(&read)) return std::move(*rejection);
  return Content(std::get<DsseEnvelope>(std::move(read)));
}

}  // namespace

OrRejection<Bundle> parse_bundle(std::string_view text) {
  if (text.size() > limits::kBundle) return reject(RejectionReason::TooLarge, "the bundle is too large");
  auto document = parse_strict_json(text);
  if (!document.ok()) return reject(RejectionReason::BundleMalformed, document.error());
  if (!document->is_object()) return malformed_bundle("the bundle is not an object");
  if (auto twice = use_json_names(*document, bundle_shape::kBundle))
    return malformed_bundle("the bundle has a duplicate key: " + *twice + ", under both names of the field");
  if (auto unknown = unknown_member(*document, bundle_shape::kBundle))
    return malformed_bundle("the bundle has an unknown member: " + *unknown);

  const auto version = version_of(*document);
  if (const auto* rejection = std::get_if<Rejection>(&version)) return *rejection;
  const json* from = member(*document, "verificationMaterial");
  if (!from || !from->is_object()) return malformed_bundle("the bundle has no verificationMaterial");
  auto material = read_bundle_material(*from, std::get<BundleVersion>(version));
  if (auto* rejection = std::get_if<Rejection>(&material)) return std::move(*rejection);
  auto content = content_of(*document);
  if (auto* rejection = std::get_if<Rejection>(&content)) return std::move(*rejection);
  return Bundle{std::get<SigningMaterial>(std::move(material)),
                std::get<std::variant<DsseEnvelope, MessageSignature>>(std::move(content))};
}

}  // namespace tegata::verifier
