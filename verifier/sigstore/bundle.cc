// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/bundle.h"

#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/bundle_material.h"
#include "verifier/sigstore/bundle_shape.h"

namespace tegata::verifier {
namespace {

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
  return malformed_bundle("messageDigest is no digest of " + in_quotes(**name));
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
  if (text.size() > limits::kBundle)
    return reject(RejectionReason::TooLarge, "the bundle is larger than a bundle may be");
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
